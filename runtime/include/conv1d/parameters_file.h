#pragma once

#include "conv1d/layer.h"
#include "conv1d/visibility.h"

#include <string>
#include <vector>

/// Weights and bias in files of the safetensors format, which PyTorch, JAX and others read and write. In the
/// library Conv1d::files.
///
/// Each layer has two arrays in a file, NAME.weight and NAME.bias, with the shapes and the bytes that
/// PyTorch's state_dict has for Conv1d and ConvTranspose1d: {NumFilters, NumChannels/Groups, FilterSize} or,
/// transposed, {NumChannels, NumFilters/Groups, FilterSize}; {NumFilters}. F32 for float, F64 for double. A
/// layer without a name counts as `conv1d`, `conv1d_1`, ..., `transposed-conv1d`, ..., as name_layers() would
/// name it.
namespace CONV1D_HIDDEN conv1d {

/// Writes the parameters of layers. The file appears whole or not at all, in place of one that was there.
/// \throws std::invalid_argument if a layer is null, has no weights or no bias, or two have one name;
/// std::runtime_error that names the file if it cannot be written
void save_parameters(const std::string &path, const std::vector<const AnyLayer *> &layers);

/// Reads the parameters of layers. Other arrays of the file are passed over. A layer whose NumChannels is
/// "auto" takes it from the shape. Without NAME.bias the bias becomes zeros, as of PyTorch's bias=False.
/// \throws std::invalid_argument if a layer is null or two have one name; std::runtime_error, with no layer
/// changed, that begins with the path if the file cannot be read or is not of this format, lacks NAME.weight,
/// or an array has another shape or element type than the layer's
void load_parameters(const std::string &path, const std::vector<AnyLayer *> &layers);

} // namespace conv1d
