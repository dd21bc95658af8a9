#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Dense layers of strides 1 and 2 in `scb` order for AVX-512: nothing is transposed.
//
// Tile    1 vector of positions x 4 filters x 6 (tap, channel) pairs = 24 accumulators.
// Bound   FMA throughput: 24 FMAs for 4 loads and 6 that cross cache lines.
// Speed   of the FMA peak: 73 % (16 -> 96 filters of 11 taps), 62 % (12 -> 128 of 7 taps), 59 % (4 -> 300 of 19 taps,
//         the gradient read from memory), 44 % (32 -> 32 of 2 taps), 2026-11-23; of whole layers in
//         bench/results/backward_cost.txt. Chunks of 2048 positions instead of 1024: 1.11 times as fast for
//         matlab_conv, 1.06 for basset_conv1, others level (in turns on an AMD EPYC, Zen 4, 2026-11-28).
// Loses   fewer than 3 filters; many channels, whose chunk leaves the L2 cache; few samples in all, because each
//         chunk ends with a sum over the lanes of every accumulator.
// Memory  scratch: the sums of each slab, a chunk of the input and of 4 filters' gradient. Threads: over groups and
//         slabs.
inline constexpr Schedule gradients_avx512_positions{
    "gradients/avx512_positions",
    {gradients_avx512_positions_tile.positions, gradients_avx512_positions_tile.filters},
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        if (p.stride > 2)
            return "its stride is above 2";
        if (p.channels_per_group() * p.stride > 128)
            return "a chunk of the input is too large to be read once for every 4 filters";
        if (p.taps * p.channels_per_group() > 176)
            return "it has enough (tap, channel) pairs to make up for the transposed copy of vectors of "
                   "filters";
        return p.filters_per_group() < 3 ? "a group has fewer than 3 filters" : suits;
    },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx512_positions, gradients_avx512_positions_tile);
    },
};

} // namespace conv1d::schedules
