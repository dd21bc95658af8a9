#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise layers, any number of filters for each channel, every memory order: lanes are channels.
//
// Tile    8 positions of one vector of channels: 8 accumulators; one vector of weights for each tap.
// Bound   loads: 9 for 8 FMAs; with few taps, memory. Only tiles that see outside of the signal copy their input.
//         In `scb` order, where it is chosen for transposed layers only, samples are gathered into a copy,
//         and outputs scattered.
// Speed   mamba_dw, 4 taps, in `cbt` order: 92 % of the memory's bandwidth (bench/results/peers_amd.md, 2026-11-28).
//         Transposed in `scb` order, 512 channels of 14 samples: 11 times portable/any, of 100 samples 3
//         times portable/depthwise_positions (interleaved rounds, AMD EPYC, 2026-11-26).
// Loses   several filters for a channel in `cbt` order: stores a lane at a time. Fewer than 16 channels.
// Memory  scratch: 1 tile, transposed 8, of 16 channels a thread. Threads: over tiles and batch.
inline constexpr Schedule portable_depthwise_channels{
    "portable/depthwise_channels",
    depthwise_channels_tile,
    WeightOrder::group_inner,
    [](const Problem &p) noexcept {
        return !is_depthwise(p)              ? not_depthwise
               : !suits_vectors_of_groups(p) ? "it has fewer than 16 groups"
                                             : suits;
    },
    [](const Problem &p) noexcept { return scratch_bytes_of_groups(p, depthwise_channels_tile); },
    nullptr,
    InputCopy::edges,
};

} // namespace conv1d::schedules
