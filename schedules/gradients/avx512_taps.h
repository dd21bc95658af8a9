#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// One filter at a time in `scb` order for AVX-512, depthwise layers above all, where tiles of 11 (tap,
// channel) pairs leave fewer of their sums unused than those of 8: of 9 to 11, 17 to 22, 33 and others.
//
// Tile    1 vector of positions x 11 (tap, channel) pairs = 11 accumulators.
// Bound   loads: 12 of 11 FMAs, and most of them not aligned.
// Speed   quartznet_dw (33 taps) 1.13 times as fast as by gradients/positions, in turns on an AMD EPYC (Zen 4, 2026-11-28); in
//         whole layers: bench/results/backward_cost.txt
// Loses   strides above 4, which load a lane at a time; signals much shorter than a vector.
// Memory  scratch: the sums of each slab, and a chunk of the input. Threads: over groups and slabs.
inline constexpr Schedule gradients_avx512_taps{
    "gradients/avx512_taps",
    {gradients_avx512_taps_tile.positions, gradients_avx512_taps_tile.filters},
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        const auto sums_of = [&](const GradientTile &tile) {
            return ceil_div(p.taps * p.channels_per_group(), tile.sums) * tile.sums;
        };
        return sums_of(gradients_avx512_taps_tile) < sums_of(gradients_positions_tile)
                   ? suits
                   : "tiles of fewer (tap, channel) pairs leave fewer of their sums unused";
    },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx512_taps, gradients_avx512_taps_tile);
    },
};

} // namespace conv1d::schedules
