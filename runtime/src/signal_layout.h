#pragma once

#include "conv1d/problem.h"
#include "conv1d/run_kernel.h"
#include "conv1d/tensor.h"

#include <cstdint>

namespace conv1d::detail {

/// A shape as the kernels see it: which dimension is which, in what order and how far apart.
struct SignalLayout {
    MemoryOrder order = MemoryOrder::scb;
    int position_dimension = 0; ///< the convolved one
    int channel_dimension = 0;
    std::int64_t length = 1;
    std::int64_t channels = 1;
    std::int64_t batch = 1;
    Strides strides{1, 1, 1};

    /// True if neighbours along the first label are neighbours in memory.
    bool contiguous() const noexcept {
        return (order == MemoryOrder::scb ? strides.position : strides.channel) == 1;
    }
};

/// False if the format is none that layers support; see Layer. The first label's stride may still be other
/// than 1.
bool read_layout(const Shape &shape, SignalLayout &layout) noexcept;

} // namespace conv1d::detail
