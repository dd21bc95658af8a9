#pragma once

#include "conv1d/geometry.h"
#include "conv1d/visibility.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CONV1D_HIDDEN conv1d {

enum class Operation {
    convolution,            ///< y[i] = bias + sum over k, c of xp[i*stride + k*dilation, c] * W[k, c]
    transposed_convolution, ///< its adjoint: y[n*stride + k*dilation - left] += x[n, c] * W[k, c], plus bias
};

/// Type of input, weights, bias, residual and output alike.
enum class ElementType : std::int32_t { float32 = 0, float64 };

/// "float32" or "float64". Never null.
const char *to_string(ElementType element) noexcept;

constexpr std::size_t element_size(ElementType element) noexcept {
    return element == ElementType::float32 ? sizeof(float) : sizeof(double);
}

/// The ElementType of float or double.
template <class T>
inline constexpr ElementType element_of = ElementType::float32;
template <>
inline constexpr ElementType element_of<double> = ElementType::float64;

/// Which index of a tensor is contiguous in memory. Channels within a group come before groups.
enum class MemoryOrder {
    scb, ///< positions: [batch][channel][position], as PyTorch's NCL
    cbt, ///< channels: [position][batch][channel]; channels-last [batch][position][channel] is the same by
         ///< strides
    strided, ///< neither, or not the same of input and output: any strides at all
};

/// "scb", "cbt" or "strided". Never null.
const char *to_string(MemoryOrder order) noexcept;

/// What stands outside the signal. The numbers are those that the generated kernels take.
enum class PaddingMode : std::int32_t {
    constant = 0,
    replicate,
    symmetric_include_edge,
    symmetric_exclude_edge,
    circular,
};

/// A function of one number: relu max(x, 0); leaky_relu x, below 0 times a slope; gelu x times the normal
/// distribution function; gelu_tanh its approximation by tanh(sqrt(2/pi) (x + 0.044715 x^3)); silu x/(1 +
/// e^-x); tanh; sigmoid 1/(1 + e^-x). The numbers are those that the generated kernels take.
enum class Activation : std::int32_t { none = 0, relu, leaky_relu, gelu, gelu_tanh, silu, tanh, sigmoid };

inline constexpr int activation_count = 8;

/// "none", "relu", "leaky-relu", "gelu", "gelu-tanh", "silu", "tanh" or "sigmoid". Never null.
const char *to_string(Activation activation) noexcept;

/// The slope of an activation that is given without one. Only leaky_relu has a slope.
constexpr double default_slope(Activation activation) noexcept {
    return activation == Activation::leaky_relu ? 0.01 : 0;
}

/// The activation of that name; none if there is no such name.
std::optional<Activation> find_activation(std::string_view name) noexcept;

/// One 1-D convolution or transposed convolution, whole: every size and every behaviour.
/// It is what a schedule's predicate sees, what a kernel's arguments are made from, and what a problem string
/// names.
///
///   input    batch x channels x length
///   weights  convolution: filters x channels/groups x taps;  transposed: channels x filters/groups x taps
///   output   batch x filters x output_length()
struct Problem {
    Operation operation = Operation::convolution;
    ElementType element = ElementType::float32;
    MemoryOrder order = MemoryOrder::scb;
    std::int64_t batch = 1;
    std::int64_t channels = 1;
    std::int64_t length = 1; ///< input samples
    std::int64_t filters = 1;
    std::int64_t taps = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1; ///< samples between taps; 1 means adjacent
    std::int64_t groups = 1;
    std::int64_t left = 0;           ///< padding of a convolution, cropping of a transposed one
    std::int64_t right = 0;          ///< the same at the end
    std::int64_t output_padding = 0; ///< transposed only: samples more at the end
    PaddingMode padding_mode = PaddingMode::constant;
    double padding_value = 0; ///< used by PaddingMode::constant
    Activation input_activation = Activation::none;
    double input_slope = 0; ///< of Activation::leaky_relu
    Activation activation = Activation::none;
    double slope = 0;
    bool residual = false;
    bool minimal_filtering = false; ///< may be computed so: schedules/minimal_filter.h

    constexpr std::int64_t channels_per_group() const noexcept { return quotient(channels, groups); }
    constexpr std::int64_t filters_per_group() const noexcept { return quotient(filters, groups); }
    /// Output samples; 0 or less when nothing is left. See geometry.h for the formulas.
    std::int64_t output_length() const noexcept;
    /// Floating-point operations of the definition, 2 per multiply-add, counting taps that fall on padding.
    /// Of a transposed convolution that is cropped, the part of the whole output that is left.
    double flops() const noexcept;
    /// Bytes of input, weights, bias and output, each counted once.
    double bytes() const noexcept;

    friend bool operator==(const Problem &a, const Problem &b) noexcept;
};

/// The stride that a kernel is given: the problem's, except where there is a single output (input, if
/// transposed) and so nothing to step over: then the one that is least work.
std::int64_t kernel_stride(const Problem &problem) noexcept;

/// Transposed: the distance of neighbouring taps that meet the same output positions, stride / gcd(stride,
/// dilation). Of a convolution its taps, which combined weights do not tell.
std::int64_t kernel_tap_step(const Problem &problem) noexcept;

/// True when every position that a kernel works out, those of an incomplete last tile included, fits 32 bits.
bool positions_fit(const Problem &problem) noexcept;

/// One sentence naming the first field that is out of range and what was expected; empty when all is well.
std::string explain(const Problem &problem);

/// The problem string, e.g. `conv_c80_l3000_f384_k3_p1x1` or `tconv_cbt_n8_c16_l512_f96_k11_s4`:
/// the operation, the element type and the memory order, then fields in the order of Problem, each its letter
/// and value; those at their default, of a slope default_slope(), are left out.
std::string to_string(const Problem &problem);

/// Reads what to_string writes, the fields in any order, each at most once.
/// \throws std::invalid_argument naming the part that it could not read or the field that is out of range
Problem parse_problem(std::string_view text);

/// The same for a layer: a text without a length has a long one, as most signals have, beyond what the filter
/// reaches and what is cropped.
Problem parse_layer(std::string_view text);

/// True for a problem that the layer `fixed` may be applied to: all fields are the same but batch, length and
/// those that only change how many outputs there are at the right end. The stride is kernel_stride(p), and
/// numbers are those of the element type.
bool is_layer(const Problem &fixed, const Problem &p) noexcept;

/// The problem string without batch and length, which names the layer.
std::string layer_string(Problem problem);

/// The number in that element type.
constexpr double rounded(ElementType element, double number) noexcept {
    return element == ElementType::float32 ? static_cast<double>(static_cast<float>(number)) : number;
}

} // namespace conv1d
