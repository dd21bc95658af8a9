#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise layers, any number of filters for each channel, in `cbt` order: lanes are channels.
//
// Tile    8 positions of one vector of channels: 8 accumulators; one vector of weights for each tap.
// Bound   loads: 9 for 8 FMAs; with few taps, memory. Only tiles that see outside of the signal copy their input.
// Speed   quartznet_dw_k33: 50 % of the FMA peak, 1.4 times as fast as with a copy for every tile; mamba_dw,
//         4 taps: 17 GB/s and 2.2 times (interleaved rounds on a busy AMD EPYC, 2026-11-26).
// Loses   several filters for a channel: stores a lane at a time. Fewer than 8 channels.
// Memory  scratch: 8 tiles of 64 channels a thread. Threads: over tiles and batch.
inline constexpr Schedule portable_depthwise_channels{
    "portable/depthwise_channels",
    depthwise_channels_tile.positions,
    depthwise_channels_tile.filters,
    WeightOrder::group_inner,
    [](const Problem &p) noexcept {
        return !is_depthwise(p) ? not_depthwise : p.groups < 8 ? "it has fewer than 8 groups" : suits;
    },
    [](const Problem &p) noexcept {
        return outside_bytes(p) + group_block * copy_bytes(p, depthwise_channels_tile);
    },
    nullptr,
    InputCopy::edges,
};

} // namespace conv1d::schedules
