#pragma once

#include "conv1d/visibility.h"

#include <cstdint>
#include <numeric>
#include <utility>

/// Lengths of one-dimensional convolutions, each formula once. All arguments are in samples or taps, stride
/// and dilation at least 1; results are exact as long as they fit 63 bits.
namespace CONV1D_HIDDEN conv1d {

/// Padding or cropping: samples at the left and at the right end.
using Ends = std::pair<std::int64_t, std::int64_t>;

/// Where the odd sample of a `same` total goes: right as in TensorFlow and ONNX SAME_UPPER, or left
/// (SAME_LOWER).
enum class OddEnd { right, left };

/// Input samples under one output: (taps-1)*dilation + 1.
constexpr std::int64_t effective_filter_size(std::int64_t taps, std::int64_t dilation) noexcept {
    return (taps - 1) * dilation + 1;
}

/// a / b. Lengths and groups are worked out in every call, mostly with a stride of 1 and a single group, and
/// dividing takes a processor longer than to find that out.
constexpr std::int64_t quotient(std::int64_t a, std::int64_t b) noexcept {
    return b == 1 ? a : a / b;
}

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept {
    return (a + b - 1) / b;
}

/// floor((length + left + right - effective) / stride) + 1; 0 when the padded input is shorter than the
/// filter.
constexpr std::int64_t convolution_length(std::int64_t length, Ends padding, std::int64_t taps,
                                          std::int64_t stride, std::int64_t dilation) noexcept {
    const std::int64_t slack =
        length + padding.first + padding.second - effective_filter_size(taps, dilation);
    return slack < 0 ? 0 : quotient(slack, stride) + 1;
}

/// (length-1)*stride + effective - left - right + output_padding; may be negative when cropping takes all.
constexpr std::int64_t transposed_length(std::int64_t length, Ends cropping, std::int64_t taps,
                                         std::int64_t stride, std::int64_t dilation,
                                         std::int64_t output_padding) noexcept {
    return (length - 1) * stride + effective_filter_size(taps, dilation) - cropping.first - cropping.second +
           output_padding;
}

/// Transposed: tap k meets the output positions whose remainder modulo the stride is that of k*dilation; the
/// next tap that meets the same ones is this many taps further.
constexpr std::int64_t taps_apart_in_phase(std::int64_t stride, std::int64_t dilation) noexcept {
    return stride / std::gcd(stride, dilation);
}

/// Transposed: input samples that one output position sees lie within this many and one: those of its taps.
constexpr std::int64_t transposed_reach(std::int64_t taps, std::int64_t stride,
                                        std::int64_t dilation) noexcept {
    return (taps - 1) * dilation / stride;
}

/// Transposed: positions of every phase that an output of that length after such cropping has a part in. Of
/// integers, or of what stands for them in a generator.
template <class Integer>
constexpr Integer positions_of_phases(const Integer &length, const Integer &left, const Integer &stride) {
    return (length - 1 + left) / stride - left / stride + 1;
}

/// What stands at a padded position.
enum class Extension { replicate, mirror_with_edge, mirror_without_edge, periodic };

/// The sample of a signal of `length` that its extension repeats at `position`, any integer.
constexpr std::int64_t extended_sample(std::int64_t position, std::int64_t length,
                                       Extension extension) noexcept {
    if (extension == Extension::replicate)
        return position < 0 ? 0 : position < length ? position : length - 1;
    const bool edge = extension == Extension::mirror_with_edge;
    const std::int64_t inner = length > 1 ? 2 * length - 2 : 1;
    const std::int64_t period = extension == Extension::periodic ? length : edge ? 2 * length : inner;
    const std::int64_t place = (position % period + period) % period;
    return place < length ? place : (edge ? period - 1 : period) - place;
}

/// Splits a total over both ends, the odd sample going where `odd` says.
constexpr Ends split_ends(std::int64_t total, OddEnd odd) noexcept {
    const std::int64_t less = total / 2;
    return odd == OddEnd::right ? Ends{less, total - less} : Ends{total - less, less};
}

/// Padding that makes the output ceil(length/stride) samples long.
constexpr Ends same_padding(std::int64_t length, std::int64_t taps, std::int64_t stride,
                            std::int64_t dilation, OddEnd odd) noexcept {
    const std::int64_t total =
        (ceil_div(length, stride) - 1) * stride + effective_filter_size(taps, dilation) - length;
    return split_ends(total > 0 ? total : 0, odd);
}

/// Padding after which no output sees a later input sample.
constexpr Ends causal_padding(std::int64_t taps, std::int64_t dilation) noexcept {
    return {(taps - 1) * dilation, 0};
}

/// Cropping that makes the output length*stride samples long. With a filter shorter than the stride nothing
/// is cropped and the right end is negative: that many positions more, holding the bias.
constexpr Ends same_cropping(std::int64_t taps, std::int64_t stride, std::int64_t dilation,
                             OddEnd odd) noexcept {
    const std::int64_t total = effective_filter_size(taps, dilation) - stride;
    return total < 0 ? Ends{0, total} : split_ends(total, odd);
}

} // namespace conv1d
