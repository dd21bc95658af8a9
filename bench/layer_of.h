#pragma once

#include "conv1d/layers.h"
#include "conv1d/problem.h"

#include <memory>

namespace conv1d::bench {

/// A layer that computes the problem, without weights yet.
std::unique_ptr<conv1d::Layer> layer_of(const Problem &p);

/// The format of the problem's dense input and output. Memory order cbt with batches is channels-last, "CSB".
const char *format_of(const Problem &p);
Sizes input_sizes_of(const Problem &p);

} // namespace conv1d::bench
