#pragma once

#include "conv1d/problem.h"

#include <string>
#include <vector>

/// The layers that a call of conv1d_add_kernels() names.
namespace conv1d::list {

struct Layer {
    Problem problem; ///< length and batch are what the file says of them: a hint for the choice of a schedule
    std::string place; ///< where it is written, to begin an error with: "layers.txt:3"
};

/// The lines of a file: a problem string each, spaces, and comments from # on.
/// \throws std::invalid_argument naming the file and the line if it cannot be read, has no layer, has one
/// that parse_problem() refuses, or one twice
std::vector<Layer> read_layers(const std::string &path);

/// The same of problem strings with commas between them.
std::vector<Layer> parse_layers(const std::string &list);

} // namespace conv1d::list
