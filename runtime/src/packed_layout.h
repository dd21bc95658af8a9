#pragma once

#include "conv1d/kernel.h"

#include <algorithm>
#include <array>

namespace conv1d {

/// Extent and stride, in elements, of one index of an array.
struct Dimension {
    std::int64_t extent;
    std::int64_t stride;
};

/// Where each index of packed weights and bias lies in memory.
struct PackedLayout {
    Dimension filter;  ///< in the block; WeightOrder::phase_inner: phase in the block
    Dimension tap;     ///< of the phase there
    Dimension channel; ///< of the group
    Dimension block;   ///< of the group; of each filter there its blocks of phases
    Dimension group;
    Dimension bias_filter;
    Dimension bias_block;
    Dimension bias_group;

    PackedLayout(const Schedule &schedule, const Problem &p) noexcept;

    std::int64_t weight_count() const noexcept {
        return std::max(block.extent * block.stride, group.extent * group.stride);
    }
    std::int64_t bias_count() const noexcept {
        return bias_filter.extent * bias_block.extent * bias_group.extent;
    }
    std::array<Dimension, 5> weights() const noexcept { return {filter, tap, channel, block, group}; }
    std::array<Dimension, 3> bias() const noexcept { return {bias_filter, bias_block, bias_group}; }
};

} // namespace conv1d
