#pragma once

#include "conv1d/problem.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// A layer of a published model.
struct Layer {
    std::string name;
    Problem problem; ///< in either memory order
};

/// Reads a file like shapes.csv: a header, then a layer a line; columns are found by their names.
/// \throws std::invalid_argument naming the file, the line and what is wrong with it
std::vector<Layer> read_shapes(const std::string &path);

} // namespace conv1d::bench
