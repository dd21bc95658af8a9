#pragma once

#include "npy.h"
#include "options.h"

#include "conv1d/layers.h"

#include <memory>
#include <string>
#include <vector>

namespace conv1d::tool {

/// A layer, the format and the sizes of its input: what a command works on.
template <class T>
struct Setup {
    std::unique_ptr<BasicLayer<T>> layer;
    std::string format;
    Sizes sizes;
};

/// Sizes of a tensor of options.format from the sizes of options.problem.
/// \throws std::invalid_argument if a size is given that the format has no label for
Sizes input_sizes(const Options &options);

/// The reverse: sets batch, steps, channels and length of `options` from an array's shape.
/// \throws std::invalid_argument naming `what` if it has not as many dimensions as the format
void take_input_shape(const std::string &what, const NpyShape &shape, Options &options);

/// The layer that `options` describe, without weights, with its target, schedule and threads set. Messages of
/// the layer's are turned into those of the command line. \throws std::invalid_argument
template <class T>
Setup<T> make_setup(const Options &options);

/// The problem that the layer of `options` solves. \throws as make_setup()
Problem problem_of(const Options &options);

/// \throws std::runtime_error if the problem's arrays are larger than this machine's memory
void check_memory(const Problem &problem);

/// The sizes of a tensor as an array's shape, and back: C order lists the slowest first.
NpyShape shape_of(const Sizes &sizes);

} // namespace conv1d::tool
