#pragma once

#include "layers.h"

#include "conv1d/kernel.h"

#include <string>
#include <vector>

namespace conv1d::list {

/// Targets by name, with commas between them; "host" is the best one of this processor, and empty means it.
/// \throws std::invalid_argument for an unknown one, or one twice
std::vector<Target> parse_targets(const std::string &list);

/// What conv1d_add_kernels() asks for.
struct Request {
    std::string name; ///< of the library: begins the names of the functions
    std::vector<Layer> layers;
    std::vector<Target> targets;
    std::string schedule; ///< for all of them; empty: for each what find_kernel() chooses
};

/// One line for each kernel: the columns that cmake/kernel_table.cmake describes. Layers that differ in
/// nothing that a kernel knows share one.
/// \throws std::invalid_argument naming the layer, where it is written and why if no kernel computes it
std::vector<std::string> list_kernels(const Request &request);

} // namespace conv1d::list
