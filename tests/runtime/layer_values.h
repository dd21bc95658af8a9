#pragma once

#include "conv1d/layers.h"

#include "error_of.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace conv1d::testing {

inline std::vector<float> values(const Tensor &x) {
    return {x.data(), x.data() + x.elements()};
}

/// The layer's output for one observation of one channel.
template <class Layer1D>
std::vector<float> output_of(Layer1D &layer, const std::vector<float> &signal) {
    Tensor x("SC", {static_cast<std::int64_t>(signal.size()), 1});
    std::copy(signal.begin(), signal.end(), x.data());
    return values(layer.forward(x));
}

template <class Layer1D>
std::vector<float> output_of(Layer1D &&layer, const std::vector<float> &signal) {
    return output_of<Layer1D>(layer, signal);
}

/// The padded signal itself: what a filter of a single 1 makes of it.
inline std::vector<float> padded(const std::vector<float> &signal, std::vector<Option> options) {
    options.push_back(weights({1}));
    return output_of(Convolution1DLayer(1, 1, options), signal);
}

/// What making a layer of 3 taps and 4 filters with these options says.
inline std::string conv_error(const std::vector<Option> &options) {
    return error_of([&] { Convolution1DLayer(3, 4, options); });
}
inline std::string transposed_error(const std::vector<Option> &options) {
    return error_of([&] { TransposedConvolution1DLayer(3, 4, options); });
}

} // namespace conv1d::testing
