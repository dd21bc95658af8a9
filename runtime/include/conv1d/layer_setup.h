#pragma once

#include "conv1d/geometry.h"
#include "conv1d/options.h"
#include "conv1d/problem.h"
#include "conv1d/visibility.h"

#include <cstdint>
#include <optional>
#include <string>

namespace CONV1D_HIDDEN conv1d {

/// How padding or cropping is determined: given sizes, or computed from the input's length.
enum class EndsMode { manual, same, causal };

/// "manual", "same" or "causal". Never null.
const char *to_string(EndsMode mode) noexcept;

namespace detail {

/// What is set for one of a layer's two arrays besides its values.
struct ParameterSettings {
    std::string initializer; ///< its name; "function" for a function
    Value function = 0.0;    ///< that function
    double learn_rate_factor = 1;
    double l2_factor = 1;
};

/// A layer's hyperparameters as its options gave them.
struct LayerSetup {
    Operation operation = Operation::convolution;
    ElementType element = ElementType::float32;
    std::string name;
    std::int64_t filter_size = 1;
    std::int64_t num_filters = 1;
    std::optional<std::int64_t> num_channels; ///< none: taken from the weights or an input
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    std::int64_t groups = 1;
    std::int64_t output_padding = 0;
    EndsMode mode = EndsMode::manual;
    Ends ends{0, 0}; ///< EndsMode::manual only
    OddEnd same_extra = OddEnd::right;
    PaddingMode padding_mode = PaddingMode::constant;
    double padding_value = 0; ///< here and below: as given; the kernels round it to the element type
    Activation activation = Activation::none;
    double slope = 0;
    Activation input_activation = Activation::none;
    double input_slope = 0;
    bool minimal_filtering = false;
    ParameterSettings weights_settings{"glorot"};
    ParameterSettings bias_settings{"zeros", 0.0, 1, 0};
    std::uint64_t seed = 0;
};

} // namespace detail
} // namespace conv1d
