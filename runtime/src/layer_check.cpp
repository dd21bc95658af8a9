#include "layer_check.h"

#include "error_text.h"
#include "option_reader.h"

#include <array>
#include <cstdint>
#include <utility>

namespace conv1d::detail {
namespace {

/// True if two indices can reach one address. Looks at strides only, so it may say so of an odd layout
/// without need.
bool elements_overlap(const Shape &shape) noexcept {
    std::array<bool, Sizes::max_rank> counted{};
    std::int64_t reach = 0; // of the dimensions counted so far, smallest stride first
    for (int n = 0; n < shape.sizes().rank(); n++) {
        int next = -1;
        for (int i = 0; i < shape.sizes().rank(); i++) {
            if (!counted[static_cast<std::size_t>(i)] &&
                (next < 0 || shape.strides()[i] < shape.strides()[next]))
                next = i;
        }
        counted[static_cast<std::size_t>(next)] = true;
        if (shape.sizes()[next] == 1)
            continue;
        if (shape.strides()[next] <= reach)
            return true;
        reach += (shape.sizes()[next] - 1) * shape.strides()[next];
    }
    return false;
}

bool transposed(const Problem &problem) noexcept {
    return problem.operation == Operation::transposed_convolution;
}

/// The first dimension whose size times its stride no kernel can index; the rank when there is none.
int too_wide_dimension(const Shape &shape) noexcept {
    int i = 0;
    while (i < shape.sizes().rank() &&
           (shape.sizes()[i] == 1 || shape.strides()[i] <= largest_size / shape.sizes()[i]))
        i++;
    return i;
}

Fault check_reach(const Shape &shape, Fault span, Fault stride) noexcept {
    if (shape.span() > largest_size)
        return span;
    return too_wide_dimension(shape) < shape.sizes().rank() ? stride : Fault::none;
}

std::string stride_sentence(const char *which, const Shape &shape) {
    const int i = too_wide_dimension(shape);
    return std::string(which) + " stride of " + std::string(1, shape.format()[static_cast<std::size_t>(i)]) +
           " is " + std::to_string(shape.strides()[i]) + "; expected at most " +
           std::to_string(largest_size / shape.sizes()[i]) + " with a size of " +
           std::to_string(shape.sizes()[i]);
}

std::string wrong(const std::string &what, std::int64_t value, const std::string &expected) {
    return what + " is " + std::to_string(value) + "; expected " + expected;
}

std::string span_sentence(const char *which, const Shape &shape) {
    return wrong(std::string(which) + " span", shape.span(),
                 "at most " + std::to_string(largest_size) + " elements");
}

std::string overlap_sentence(const char *which, const Shape &shape) {
    return std::string(which) + " strides are " + list_text(shape.strides()) +
           "; expected each to pass all elements of the smaller ones, so that no two share memory";
}

std::string lengths_sentence(const Problem &p) {
    return wrong("input length", p.length,
                 "length*Stride + FilterSize*DilationFactor + " +
                     std::string(transposed(p) ? "Cropping" : "Padding") + " of at most " +
                     std::to_string(largest_size));
}

/// The weights can be indexed when they are packed by blocks of so many filters.
bool weights_fit(const Problem &p, std::int64_t block) noexcept {
    return static_cast<double>(ceil_div(p.filters_per_group(), block) * block) * static_cast<double>(p.taps) *
               static_cast<double>(p.channels + group_block) <=
           static_cast<double>(largest_size);
}

std::string no_kernel_sentence(const Plan &plan, const FaultDetails &details) {
    const std::string where = to_string(plan.problem) + " on " + to_string(details.target);
    if (details.tier == Tier::specialised)
        return "tier is specialised; expected a linked kernel for " + layer_string(plan.problem) + " on " +
               to_string(details.target) + ", and a length that its schedule takes; length is " +
               std::to_string(plan.problem.length);
    return details.schedule.empty()
               ? "target is " + std::string(to_string(details.target)) + "; expected one with a kernel for " +
                     to_string(plan.problem)
               : "schedule is '" + details.schedule + "'; expected one that applies to " + where;
}

} // namespace

Fault check_input(const LayerSetup &setup, Plan &plan) noexcept {
    if (!read_layout(plan.input, plan.layout))
        return Fault::format;
    Problem &p = plan.problem;
    p.operation = setup.operation;
    p.batch = plan.layout.observations();
    p.channels = setup.num_channels.value_or(plan.layout.channels);
    p.length = plan.layout.length;
    p.filters = setup.num_filters;
    p.taps = setup.filter_size;
    p.stride = setup.stride;
    p.dilation = setup.dilation;
    p.groups = setup.groups;
    p.output_padding = setup.output_padding;
    p.element = setup.element;
    p.activation = setup.activation;
    p.slope = setup.slope;
    p.input_activation = setup.input_activation;
    p.input_slope = setup.input_slope;
    p.padding_mode = setup.padding_mode;
    p.padding_value = setup.padding_value;
    p.minimal_filtering = setup.minimal_filtering;
    if (p.channels != plan.layout.channels)
        return Fault::channels;
    if (p.channels % p.groups != 0)
        return Fault::groups;
    if (!weights_fit(p, 1))
        return Fault::weights_span;
    return check_reach(plan.input, Fault::input_span, Fault::input_stride);
}

Fault check_lengths(Plan &plan) noexcept {
    const Problem &p = plan.problem;
    if (!positions_fit(p))
        return Fault::lengths;
    const std::int64_t length = p.output_length();
    if (length < 1)
        return transposed(p) ? Fault::nothing_left : Fault::filter_too_long;
    if (length > largest_size / p.filters || length * p.filters > largest_size / p.batch)
        return Fault::output_span;
    plan.output_sizes = plan.input.sizes();
    plan.output_sizes[plan.layout.position_dimension] = length;
    plan.output_sizes[plan.layout.channel_dimension] = p.filters;
    return Fault::none;
}

Fault check_output(const Shape *output, const Shape *residual, Plan &plan) noexcept {
    // Of sizes that check_lengths() has bounded, so that nothing is thrown.
    plan.output = output == nullptr ? Shape(plan.input.format(), plan.output_sizes) : *output;
    if (plan.output.format() != plan.input.format() || !read_layout(plan.output, plan.output_layout))
        return Fault::output_format;
    if (plan.output.sizes() != plan.output_sizes)
        return Fault::output_sizes;
    const Fault reach = check_reach(plan.output, Fault::output_reach, Fault::output_stride);
    if (reach != Fault::none)
        return reach;
    if (elements_overlap(plan.output))
        return Fault::output_layout;
    plan.problem.residual = residual != nullptr;
    plan.residual = residual == nullptr ? plan.output : *residual;
    SignalLayout residual_layout;
    if (plan.residual.format() != plan.output.format() || !read_layout(plan.residual, residual_layout))
        return Fault::residual_format;
    if (plan.residual.sizes() != plan.output_sizes)
        return Fault::residual_sizes;
    plan.problem.order = common_order(plan.layout, plan.output_layout, residual_layout);
    plan.batches = split_batches(plan.layout, plan.output_layout, residual_layout);
    return check_reach(plan.residual, Fault::residual_reach, Fault::residual_stride);
}

Fault check_kernel(const Plan &plan) noexcept {
    if (plan.kernel == nullptr)
        return Fault::no_kernel;
    return weights_fit(plan.problem, plan.kernel->schedule->tile.filters) ? Fault::none : Fault::weights_span;
}

std::string strides_sentence(const char *which, const Shape &shape, bool written) {
    if (shape.span() > largest_size)
        return span_sentence(which, shape);
    if (too_wide_dimension(shape) < shape.sizes().rank())
        return stride_sentence(which, shape);
    return written && elements_overlap(shape) ? overlap_sentence(which, shape) : std::string();
}

std::string sentence(Fault fault, const Plan &plan, const FaultDetails &details) {
    const Problem &p = plan.problem;
    const std::string at_most = "at most " + std::to_string(largest_size);
    switch (fault) {
    case Fault::none:
        return {};
    case Fault::format:
        return "format is '" + std::string(plan.input.format()) +
               "'; expected the labels SCB, CBT, SCBT, SC, CT or SCT, each once, in any order";
    case Fault::input_stride:
        return stride_sentence("input", plan.input);
    case Fault::channels:
        return wrong("input size of C", plan.layout.channels, std::to_string(p.channels) + " channels");
    case Fault::groups:
        return wrong("input size of C", p.channels, "a multiple of Groups, " + std::to_string(p.groups));
    case Fault::input_span:
        return span_sentence("input", plan.input);
    case Fault::lengths:
        return lengths_sentence(p);
    case Fault::filter_too_long:
        return wrong("padded input length", p.length + p.left + p.right,
                     "at least the effective filter size " +
                         std::to_string(effective_filter_size(p.taps, p.dilation)));
    case Fault::nothing_left:
        return "Cropping is " + list_text(Ends{p.left, p.right}) + "; expected less in all than the " +
               std::to_string(p.output_length() + p.left + p.right) + " samples there are to crop";
    case Fault::output_span:
        return "output is " + std::to_string(p.output_length()) + " samples of " + std::to_string(p.filters) +
               " filters and " + std::to_string(p.batch) + " observations; expected a span of " + at_most +
               " elements";
    case Fault::weights_span:
        return wrong("input size of C", p.channels,
                     "FilterSize*C*NumFilters of " + at_most +
                         (plan.kernel == nullptr ? ""
                                                 : ", NumFilters rounded up to a multiple of " +
                                                       std::to_string(plan.kernel->schedule->tile.filters)));
    case Fault::no_kernel:
        return no_kernel_sentence(plan, details);
    case Fault::output_format:
        return "output format is '" + std::string(plan.output.format()) + "'; expected '" +
               std::string(plan.input.format()) + "' as of the input";
    case Fault::output_sizes:
        return "output sizes are " + list_text(plan.output.sizes()) + "; expected " +
               list_text(plan.output_sizes);
    case Fault::output_reach:
        return span_sentence("output", plan.output);
    case Fault::output_stride:
        return stride_sentence("output", plan.output);
    case Fault::output_layout:
        return overlap_sentence("output", plan.output);
    case Fault::overlap:
        return "output overlaps the input; expected memory of its own";
    case Fault::residual_format:
        return "residual format is '" + std::string(plan.residual.format()) + "'; expected '" +
               std::string(plan.output.format()) + "' as of the output";
    case Fault::residual_sizes:
        return "residual sizes are " + list_text(plan.residual.sizes()) + "; expected those of the output, " +
               list_text(plan.output_sizes);
    case Fault::residual_reach:
        return span_sentence("residual", plan.residual);
    case Fault::residual_stride:
        return stride_sentence("residual", plan.residual);
    case Fault::residual_overlap:
        return "residual overlaps the output; expected the output itself or memory of its own";
    }
    return {};
}

} // namespace conv1d::detail
