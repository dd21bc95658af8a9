#pragma once

#include "conv1d/problem.h"
#include "conv1d/run_kernel.h"
#include "conv1d/tensor.h"

#include <array>
#include <cstdint>

namespace conv1d::detail {

/// A label over which a layer only repeats itself: B, and T beside S.
struct BatchLabel {
    std::int64_t size = 1;
    std::int64_t stride = 1;
};

/// A shape as the layers see it: which dimension is which, and how far its elements are apart.
struct SignalLayout {
    bool channel_comes_first = false; ///< before the convolved label
    int position_dimension = 0;       ///< the convolved one
    int channel_dimension = 0;
    std::int64_t length = 1;
    std::int64_t channels = 1;
    std::int64_t position_stride = 1;
    std::int64_t channel_stride = 1;
    std::array<BatchLabel, 2> batch; ///< in the order of the format

    std::int64_t observations() const noexcept { return batch[0].size * batch[1].size; }
};

/// False if the format is none that layers support; see Layer.
bool read_layout(const Shape &shape, SignalLayout &layout) noexcept;

/// The order of the kernels that take all memories as they are. Where two do, that of the label which comes
/// first; of single positions, `cbt`.
/// \param residual  the output's if there is none; here and below
MemoryOrder common_order(const SignalLayout &input, const SignalLayout &output,
                         const SignalLayout &residual) noexcept;

/// The order of the kernels that take both memories as they are; `preferred`, where two do.
inline MemoryOrder order_of(const Strides &a, const Strides &b, MemoryOrder preferred) noexcept {
    const bool scb = a.position == 1 && b.position == 1, cbt = a.channel == 1 && b.channel == 1;
    if (preferred == MemoryOrder::cbt ? cbt : scb)
        return preferred;
    return cbt ? MemoryOrder::cbt : scb ? MemoryOrder::scb : MemoryOrder::strided;
}

/// How kernel calls cover all observations: `calls` of them, each over `batch`. One, where both batch labels
/// can be counted as one; else one for each index of the smaller label.
struct Batches {
    /// One tensor's part.
    struct Side {
        Strides strides{1, 1, 1};
        std::int64_t step = 0; ///< elements from one call's first to the next call's
    };
    std::int64_t calls = 1;
    std::int64_t batch = 1;
    Side input, output, residual;
};
Batches split_batches(const SignalLayout &input, const SignalLayout &output,
                      const SignalLayout &residual) noexcept;

} // namespace conv1d::detail
