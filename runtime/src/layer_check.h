#pragma once

#include "conv1d/layer.h"
#include "signal_layout.h"

#include <string>

namespace conv1d::detail {

/// Why a layer refuses a call, in the order in which it is looked for.
enum class Fault : int {
    none,
    format,
    input_stride,
    channels,
    input_span,
    lengths,
    filter_too_long,
    nothing_left,
    output_span,
    weights_span,
    no_kernel,
    output_format,
    output_sizes,
    output_stride,
    output_layout,
    overlap,
    no_weights,
};

/// One input of a layer, worked out: what is computed, by which kernel, on memory laid out how.
struct Plan {
    Shape input;
    SignalLayout layout;
    Problem problem;
    Sizes output_sizes;
    const Kernel *kernel = nullptr;

    std::size_t scratch_bytes() const noexcept { return kernel->schedule->scratch_bytes(problem); }
};

/// Fills plan.layout and everything of plan.problem but left and right, from plan.input.
Fault check_input(const LayerSetup &setup, Plan &plan) noexcept;
/// Checks the lengths of plan.problem, now complete, and fills plan.output_sizes.
Fault check_lengths(Plan &plan) noexcept;
/// Checks that there is a kernel and that the weights packed for it can be indexed.
Fault check_kernel(const Plan &plan) noexcept;
/// Checks an output, and that it shares no memory with the input, and fills its layout.
Fault check_output(const Plan &plan, const Tensor &input, const Tensor &output,
                   SignalLayout &layout) noexcept;

/// What a sentence about a fault needs besides the plan.
struct FaultDetails {
    Target target;
    const std::string &schedule; ///< the forced one
    const Shape *output;         ///< for faults of the output
};

/// The fault in words, without the layer's name.
std::string sentence(Fault fault, const Plan &plan, const FaultDetails &details);

} // namespace conv1d::detail
