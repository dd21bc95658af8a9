#pragma once

#include "conv1d/layers.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace conv1d {

/// A layer as MATLAB shows it: name, hyperparameters, and the size and type of weights and bias. What MATLAB
/// does not have (groups, activations, ...) is shown where it is not at its default.
void print(std::ostream &out, const AnyLayer &layer);

/// The same with every property, learn-rate factors, initializers and the names of inputs and outputs among
/// them.
void print_all(std::ostream &out, const AnyLayer &layer);

/// A list of layers, one a row: number, name, type, and what it does. No pointer may be null.
void print(std::ostream &out, const std::vector<const AnyLayer *> &layers);

/// Gives each unnamed layer of a list a name of its own: conv1d, conv1d_1, ... or transposed-conv1d,
/// transposed-conv1d_1, ..., passing over names that are taken. No pointer may be null.
void name_layers(const std::vector<AnyLayer *> &layers);

} // namespace conv1d
