#pragma once

#include "conv1d/layers.h"
#include "conv1d/visibility.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace CONV1D_HIDDEN conv1d {

/// A layer as MATLAB shows it: name, hyperparameters, and the size and type of weights and bias. What MATLAB
/// does not have (groups, activations, ...) is shown where it is not at its default.
void print(std::ostream &out, const AnyLayer &layer);

/// The same with every property, learn-rate factors, initializers and the names of inputs and outputs among
/// them.
void print_all(std::ostream &out, const AnyLayer &layer);

/// A list of layers, one a row: number, name, type, and what it does. No pointer may be null.
void print(std::ostream &out, const std::vector<const AnyLayer *> &layers);

/// The names of a list of layers. One that has none is called conv1d, conv1d_1, ... or transposed-conv1d,
/// transposed-conv1d_1, ..., passing over names that are taken. Here and below: no pointer may be null.
std::vector<std::string> layer_names(const std::vector<const AnyLayer *> &layers);

/// Gives each unnamed layer its name of layer_names().
void name_layers(const std::vector<AnyLayer *> &layers);

} // namespace conv1d
