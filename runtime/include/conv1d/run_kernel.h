#pragma once

#include "conv1d/kernel.h"
#include "conv1d/status.h"
#include "conv1d/workspace.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace conv1d {

/// Distance in elements between neighbours of each index of a tensor.
struct Strides {
    std::int64_t position;
    std::int64_t channel;
    std::int64_t batch;
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

/// Weights and bias in the order that one kernel reads, zero-padded to its filter block.
class PackedParameters {
public:
    PackedParameters() = default;
    /// \param weights  convolution [filters][channels/groups][taps], transposed
    /// [channels][filters/groups][taps] \param bias     [filters], or null for none Only the operation,
    /// channels, filters, taps and groups of `problem` matter. \throws std::bad_alloc
    PackedParameters(const Schedule &schedule, const Problem &problem, const float *weights,
                     const float *bias);

    const float *weights() const noexcept { return data_.get(); }
    const float *bias() const noexcept { return data_.get() + weight_count_; }
    bool empty() const noexcept { return data_ == nullptr; }

private:
    struct Free {
        void operator()(float *p) const noexcept;
    };
    std::unique_ptr<float[], Free> data_; // 64-byte aligned
    std::size_t weight_count_ = 0;
};

/// Runs one kernel: output = operation(input) as `problem` says. Neither allocates nor throws.
///
/// \param input     strides in elements, 1 for the kernel's contiguous index if its order has one
/// \param residual  as output, or null unless problem.residual
/// \param output    must not overlap the input
/// \return invalid_argument for a null pointer, empty parameters, or when an offset would not fit 32 bits;
/// everything else about sizes is the caller's to check;
///         device_unavailable for a GPU kernel without its device;
///         workspace_too_small when the kernel needed more scratch than the workspace has;
///         workspace_busy when another thread is running in the workspace;
///         kernel_failed otherwise, with Workspace::error() saying why
Status run_kernel(const Kernel &kernel, const Problem &problem, const float *input, Strides input_strides,
                  const PackedParameters &parameters, const float *residual, float *output,
                  Strides output_strides, Workspace &workspace) noexcept;

} // namespace conv1d
