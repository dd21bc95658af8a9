#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Every layer, one filter at a time: the last row of the table, and the first choice of depthwise layers in
// `scb` order, unless gradients/avx512_taps takes them.
//
// Tile    1 vector of positions x 8 (tap, channel) pairs = 8 accumulators, enough to hide the latency of an FMA.
// Bound   loads: 9 of 8 FMAs, and most of them not aligned; memory, with few taps.
// Speed   in whole layers: bench/results/backward_cost.txt
// Loses   strides above 4, which load a lane at a time; signals much shorter than a vector.
// Memory  scratch: the sums of each slab, and a chunk of the input and of the gradient. Threads: over groups and slabs.
inline constexpr Schedule gradients_positions{
    "gradients/positions",
    {gradients_positions_tile.positions, gradients_positions_tile.filters},
    WeightOrder::tap_inner,
    [](const Problem &) noexcept { return suits; },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_positions, gradients_positions_tile);
    },
};

} // namespace conv1d::schedules
