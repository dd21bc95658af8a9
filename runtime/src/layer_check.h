#pragma once

#include "conv1d/layer.h"
#include "signal_layout.h"

#include <string>

namespace conv1d::detail {

/// Why a layer refuses a call, in the order in which it is looked for.
enum class Fault : int {
    none,
    format,
    channels,
    input_span,
    input_stride,
    lengths,
    filter_too_long,
    nothing_left,
    output_span,
    weights_span,
    no_kernel,
    output_format,
    output_sizes,
    output_reach,
    output_stride,
    output_layout,
    overlap,
};

/// One input of a layer, worked out: what is computed, by which kernel, on memory laid out how.
struct Plan {
    Shape input;
    SignalLayout layout;
    Problem problem;
    Sizes output_sizes;
    Shape output;
    SignalLayout output_layout;
    Batches batches;
    const Kernel *kernel = nullptr;

    std::size_t scratch_bytes() const noexcept { return kernel->schedule->scratch_bytes(problem); }
};

/// Fills plan.layout and everything of plan.problem but order, left and right, from plan.input.
Fault check_input(const LayerSetup &setup, Plan &plan) noexcept;
/// Checks the lengths of plan.problem, now complete, and fills plan.output_sizes.
Fault check_lengths(Plan &plan) noexcept;
/// Checks the shape of an output, and fills plan.output, plan.output_layout, plan.batches and
/// plan.problem.order. \param output  null for a dense one
Fault check_output(const Shape *output, Plan &plan) noexcept;
/// Checks that there is a kernel and that the weights packed for it can be indexed.
Fault check_kernel(const Plan &plan) noexcept;
/// Checks that input and output share no memory.
Fault check_memory(const ConstTensor &input, const ConstTensor &output) noexcept;

/// What a sentence about a fault needs besides the plan.
struct FaultDetails {
    Target target;
    const std::string &schedule; ///< the forced one
};

/// The fault in words, without the layer's name.
std::string sentence(Fault fault, const Plan &plan, const FaultDetails &details);

} // namespace conv1d::detail
