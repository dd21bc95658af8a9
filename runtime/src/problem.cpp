#include "conv1d/problem.h"

#include "conv1d/geometry.h"
#include "problem_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace conv1d {
namespace {

/// Of a problem, what kernels are specialised for, but for stride and numbers; the numbers; the rest.
auto layer_fields(const Problem &p) {
    return std::tie(p.channels, p.filters, p.taps, p.dilation, p.left, p.groups, p.operation, p.element,
                    p.order, p.padding_mode, p.input_activation, p.activation, p.residual,
                    p.minimal_filtering);
}

auto layer_numbers(const Problem &p) {
    return std::tuple(rounded(p.element, p.padding_value), rounded(p.element, p.input_slope),
                      rounded(p.element, p.slope));
}

auto fields(const Problem &p) {
    return std::tuple_cat(layer_fields(p), std::tie(p.stride, p.padding_value, p.input_slope, p.slope,
                                                    p.batch, p.length, p.right, p.output_padding));
}

std::string wrong(const char *name, std::int64_t value, const std::string &expected) {
    return std::string(name) + " is " + std::to_string(value) + "; expected " + expected;
}

std::string explain_ends(const Problem &p) {
    const bool transposed = p.operation == Operation::transposed_convolution;
    constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max();
    if (p.left > limit)
        return wrong("left", p.left, "less than 2^31");
    if (p.right > limit || p.right < -limit)
        return wrong("right", p.right, "less than 2^31");
    if (p.left < 0)
        return wrong("left", p.left, "0 or more");
    if (p.right < 0 && !transposed)
        return wrong("right", p.right, "0 or more");
    if (p.output_padding != 0 && !transposed) {
        return wrong("output_padding", p.output_padding, "0 for a convolution");
    }
    return {};
}

std::string explain_size(const Problem &p) {
    constexpr double limit = 2147483647.0; // what a kernel can index
    if (!positions_fit(p))
        return "the padded lengths overflow; expected fewer than 2^31 samples";
    if (p.output_length() < 1) {
        return wrong("the output length", p.output_length(),
                     "at least 1 (filter longer than the padded input, or "
                     "cropping that leaves nothing)");
    }
    const double in = static_cast<double>(p.batch) * static_cast<double>(p.channels);
    const double out = static_cast<double>(p.batch) * static_cast<double>(p.filters);
    const double elements =
        std::max({in * static_cast<double>(p.length), out * static_cast<double>(p.output_length()),
                  static_cast<double>(p.channels_per_group()) * static_cast<double>(p.filters) *
                      static_cast<double>(p.taps)});
    if (elements > limit)
        return "a buffer has more than 2^31-1 elements; expected fewer";
    return {};
}

} // namespace

std::int64_t Problem::output_length() const noexcept {
    return operation == Operation::convolution
               ? convolution_length(length, {left, right}, taps, stride, dilation)
               : transposed_length(length, {left, right}, taps, stride, dilation, output_padding);
}

double Problem::flops() const noexcept {
    const auto outputs = static_cast<double>(output_length());
    double positions = outputs;
    if (operation == Operation::transposed_convolution) {
        const std::int64_t whole = transposed_length(length, {0, 0}, taps, stride, dilation, 0);
        positions = static_cast<double>(length) * std::min(1.0, outputs / static_cast<double>(whole));
    }
    return 2.0 * static_cast<double>(batch) * positions * static_cast<double>(taps) *
           static_cast<double>(channels) * static_cast<double>(filters_per_group());
}

double Problem::bytes() const noexcept {
    const double activations =
        static_cast<double>(batch) * (static_cast<double>(channels) * static_cast<double>(length) +
                                      static_cast<double>(filters) * static_cast<double>(output_length()));
    const double parameters = static_cast<double>(filters) *
                              (static_cast<double>(channels_per_group()) * static_cast<double>(taps) + 1);
    return static_cast<double>(element_size(element)) * (activations + parameters);
}

namespace {

/// Output positions of a convolution, input positions of a transposed one: what the stride steps along.
std::int64_t stepped_positions(const Problem &p) noexcept {
    return p.operation == Operation::convolution ? p.output_length() : p.length;
}

} // namespace

std::int64_t kernel_stride(const Problem &p) noexcept {
    if (stepped_positions(p) > 1)
        return p.stride;
    return p.operation == Operation::transposed_convolution && p.taps > 1 ? p.dilation : 1;
}

std::int64_t kernel_tap_step(const Problem &p) noexcept {
    return p.operation == Operation::convolution ? p.taps : taps_apart_in_phase(kernel_stride(p), p.dilation);
}

bool positions_fit(const Problem &p) noexcept {
    constexpr double limit = 2147483647.0;
    constexpr double tile = 256; // most positions of a register tile
    const auto real = [](std::int64_t number) { return static_cast<double>(number); };
    const double inside = real(p.length) + real(p.left) + std::abs(real(p.right)) + real(p.output_padding) +
                          real(p.taps) * real(p.dilation);
    if (inside > limit)
        return false;
    return inside + (real(stepped_positions(p)) + tile) * real(kernel_stride(p)) <= limit;
}

bool operator==(const Problem &a, const Problem &b) noexcept {
    return fields(a) == fields(b);
}

bool is_layer(const Problem &fixed, const Problem &p) noexcept {
    return layer_fields(fixed) == layer_fields(p) && fixed.stride == kernel_stride(p) &&
           layer_numbers(fixed) == layer_numbers(p);
}

std::string explain(const Problem &p) {
    for (const IntegerField &field : integer_fields) {
        const std::int64_t value = p.*field.member;
        if (value < field.least)
            return wrong(field.name, value, field.least == 1 ? "a positive integer" : "0 or more");
        if (value > std::numeric_limits<std::int32_t>::max())
            return wrong(field.name, value, "less than 2^31");
    }
    if (p.channels % p.groups != 0)
        return wrong("channels", p.channels, "a multiple of groups, " + std::to_string(p.groups));
    if (p.filters % p.groups != 0)
        return wrong("filters", p.filters, "a multiple of groups, " + std::to_string(p.groups));
    if (std::string ends = explain_ends(p); !ends.empty())
        return ends;
    if (p.output_padding >= std::max(p.stride, p.dilation) && p.output_padding > 0) {
        return wrong("output_padding", p.output_padding, "less than the larger of stride and dilation");
    }
    if (p.minimal_filtering && p.operation != Operation::convolution)
        return "minimal_filtering is on; expected a convolution";
    for (const auto &[name, value] :
         {std::pair{"padding_value", p.padding_value}, {"input_slope", p.input_slope}, {"slope", p.slope}}) {
        if (!std::isfinite(value))
            return std::string(name) + " is not finite; expected a finite number";
    }
    return explain_size(p);
}

} // namespace conv1d
