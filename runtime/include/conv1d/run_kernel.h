#pragma once

#include "conv1d/kernel.h"
#include "conv1d/status.h"
#include "conv1d/visibility.h"
#include "conv1d/workspace.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace CONV1D_HIDDEN conv1d {

/// Distance in elements between neighbours of each index of a tensor.
struct Strides {
    std::int64_t position;
    std::int64_t channel;
    std::int64_t batch;
};

/// Where a tensor lies: its first element, and its strides.
template <class T>
struct Signal {
    T *data = nullptr;
    Strides strides{};
};

/// Dense strides of `order` for `length` positions, `channels` channels (of all groups) and `batch`
/// observations; of MemoryOrder::strided, those of [position][channel][batch].
constexpr Strides dense_strides(MemoryOrder order, std::int64_t length, std::int64_t channels,
                                std::int64_t batch) noexcept {
    switch (order) {
    case MemoryOrder::scb:
        return {1, length, length * channels};
    case MemoryOrder::cbt:
        return {channels * batch, 1, channels};
    case MemoryOrder::strided:
        break;
    }
    return {channels * batch, batch, 1};
}

/// Weights anywhere in memory: the first one, and the elements from one tap, channel and filter of a group
/// and from one group to the next.
template <class T>
struct WeightsView {
    const T *data;
    std::int64_t tap, channel, filter, group;
};

/// Weights and bias, float or double, in the order that one kernel reads, zero-padded to its filter block.
template <class T>
class PackedParameters {
public:
    PackedParameters() = default;
    /// \param weights  convolution [filters][channels/groups][taps], transposed
    /// [channels][filters/groups][taps] \param bias     [filters], or null for none Only the operation,
    /// channels, filters, taps, groups and, with WeightOrder::phase_inner, the stride of `problem` matter.
    /// \throws std::bad_alloc
    PackedParameters(const Schedule &schedule, const Problem &problem, const T *weights, const T *bias);
    /// The same of weights anywhere in memory.
    PackedParameters(const Schedule &schedule, const Problem &problem, const WeightsView<T> &weights,
                     const T *bias);
    /// Packs others, into the same memory if it is enough.
    void assign(const Schedule &schedule, const Problem &problem, const WeightsView<T> &weights,
                const T *bias);
    void assign(const Schedule &schedule, const Problem &problem, const T *weights, const T *bias);

    const T *weights() const noexcept { return data_.get(); }
    const T *bias() const noexcept { return data_.get() + weight_count_; }
    bool empty() const noexcept { return data_ == nullptr; }

private:
    struct Free {
        void operator()(T *p) const noexcept;
    };
    std::unique_ptr<T[], Free> data_; // 64-byte aligned
    std::size_t weight_count_ = 0, capacity_ = 0;
};

/// Runs one kernel: output = operation(input) as `problem` says. Neither allocates nor throws.
///
/// \tparam T        float or double, as problem.element says
/// \param input     here and below: strides in elements, 1 for the kernel's contiguous index if its order has
/// one \param output    must not overlap the input \param residual  of the output's sizes, and may be the
/// output; none unless problem.residual \return invalid_argument for a null pointer, another element type,
/// empty parameters, or when an offset would not fit 32 bits; everything else about sizes is the caller's to
/// check;
///         device_unavailable for a GPU kernel without its device;
///         workspace_too_small when the kernel needed more scratch than the workspace has;
///         workspace_busy when another thread is running in the workspace;
///         kernel_failed otherwise, with Workspace::error() saying why
template <class T>
Status run_kernel(const Kernel &kernel, const Problem &problem, Signal<const T> input,
                  const PackedParameters<T> &parameters, Signal<T> output, Workspace &workspace,
                  Signal<const T> residual = {}) noexcept;

} // namespace conv1d
