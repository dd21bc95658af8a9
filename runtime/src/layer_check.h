#pragma once

#include "conv1d/layer.h"
#include "signal_layout.h"

#include <cstdint>
#include <string>

namespace conv1d::detail {

/// Why a layer refuses a call, in the order in which it is looked for.
enum class Fault : int {
    none,
    format,
    channels,
    groups,
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
    residual_format,
    residual_sizes,
    residual_reach,
    residual_stride,
    residual_overlap,
};

/// One input of a layer, worked out: what is computed, by which kernel, on memory laid out how.
struct Plan {
    Shape input;
    SignalLayout layout;
    Problem problem;
    Sizes output_sizes;
    Shape output;
    SignalLayout output_layout;
    Shape residual; ///< the output's if there is none
    Batches batches;
    const Kernel *kernel = nullptr;
    std::size_t scratch_bytes = 0; ///< of the kernel
};

/// Fills plan.layout and everything of plan.problem but order, left and right, from plan.input.
Fault check_input(const LayerSetup &setup, Plan &plan) noexcept;
/// Checks the lengths of plan.problem, now complete, and fills plan.output_sizes.
Fault check_lengths(Plan &plan) noexcept;
/// Checks the shapes of output and residual, and fills plan.output, plan.output_layout, plan.batches,
/// plan.problem.order and plan.problem.residual. \param output  null for a dense one; \param residual  null
/// for none
Fault check_output(const Shape *output, const Shape *residual, Plan &plan) noexcept;
/// Checks that there is a kernel and that the weights packed for it can be indexed.
Fault check_kernel(const Plan &plan) noexcept;

/// The addresses of a tensor's elements.
struct AddressRange {
    std::uintptr_t first, end;

    template <class T>
    AddressRange(const T *data, std::uintptr_t count) noexcept
        : first(reinterpret_cast<std::uintptr_t>(data)), end(first + count * sizeof(T)) {}
    template <class T>
    explicit AddressRange(const BasicConstTensor<T> &tensor) noexcept
        : AddressRange(tensor.data(), static_cast<std::uintptr_t>(tensor.shape().span())) {}
    bool overlaps(const AddressRange &other) const noexcept { return first < other.end && other.first < end; }
};

/// Checks that the output shares no memory with the input.
template <class T>
Fault check_memory(const BasicConstTensor<T> &input, const BasicConstTensor<T> &output) noexcept {
    return AddressRange(input).overlaps(AddressRange(output)) ? Fault::overlap : Fault::none;
}

/// Checks that the residual is the output itself or shares no memory with it.
template <class T>
Fault check_residual_memory(const BasicConstTensor<T> &residual, const BasicConstTensor<T> &output) noexcept {
    if (residual.data() == output.data() && residual.strides() == output.strides())
        return Fault::none;
    return AddressRange(residual).overlaps(AddressRange(output)) ? Fault::residual_overlap : Fault::none;
}

/// What is wrong with the strides of a tensor, called `which`, in words without the layer's name: more than a
/// kernel can index, or, of one that is written, elements that share memory. Nothing if they are fine.
std::string strides_sentence(const char *which, const Shape &shape, bool written);

/// What a sentence about a fault needs besides the plan.
struct FaultDetails {
    Target target;
    const std::string &schedule; ///< the forced one
    Tier tier;                   ///< that, too
};

/// The fault in words, without the layer's name.
std::string sentence(Fault fault, const Plan &plan, const FaultDetails &details);

} // namespace conv1d::detail
