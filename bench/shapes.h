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

/// Those of the layers that have these names, in the names' order; all of them if there are no names.
/// \throws std::invalid_argument if a layer has no such name
std::vector<Layer> layers_named(const std::vector<Layer> &layers, const std::vector<std::string> &names);

} // namespace conv1d::bench
