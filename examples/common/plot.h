#pragma once

#include <string>
#include <vector>

struct Curve {
    std::string title;
    std::vector<double> x, y;
};

/// One set of axes.
struct Panel {
    std::string x_label, y_label;
    bool logarithmic = false;  ///< the y axis
    std::vector<Curve> curves; ///< the first of several is wide, so that it is seen below the others
};

/// Draws panels one above the other into an SVG file, which appears whole or not at all.
/// \throws std::runtime_error if gnuplot fails or the file cannot be written
void plot(const std::string &path, const std::vector<Panel> &panels);
