#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise layers, any number of filters for each channel, in `scb` order.
//
// Tile    64 positions x 1 filter: 4 AVX-512, 8 AVX2, 16 SSE or NEON vectors of positions, enough to hide the latency of an
//         FMA; the weight is broadcast.
// Bound   loads: one an FMA; with few taps the copy of the input, then memory.
// Speed   not measured
// Loses   stride above 2, which loads a lane at a time; signals shorter than half a tile.
// Memory  scratch: 8 tiles of one channel a thread. Threads: over tiles and batch.
inline constexpr Schedule portable_depthwise_positions{
    "portable/depthwise_positions",
    depthwise_positions_tile.positions,
    depthwise_positions_tile.filters,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        return is_depthwise(p) ? few_positions(p, depthwise_positions_tile) : not_depthwise;
    },
    [](const Problem &p) noexcept { return scratch_bytes(p, depthwise_positions_tile); },
};

} // namespace conv1d::schedules
