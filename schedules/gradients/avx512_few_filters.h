#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Dense layers of at most 16 filters, every memory order, for AVX-512: 32 vector registers of 16 floats.
//
// Tile    1 vector of filters x 24 (tap, channel) pairs = 24 accumulators; 1 register for the gradient, the input
//         is broadcast.
// Bound   loads: 24 FMAs for 1 load and 24 broadcasts; in `scb` order the copy of the gradient transposes.
// Speed   of the FMA peak: 60 % (96 -> 16 filters of 11 taps, stride 4), 53 % (32 -> 16 of 7 taps, stride 2) in `scb`
//         order, 2026-11-23; of whole layers in bench/results/backward_cost.txt.
// Loses   fewer than 4 filters; few pairs, because the copy of the gradient is used for them only.
// Memory  scratch: the sums of each slab, a chunk of the gradient and of the input, or in `cbt` order
//         of what taps see at the ends. Threads: over blocks of filters,
//         groups and slabs.
inline constexpr Schedule gradients_avx512_few_filters{
    "gradients/avx512_few_filters",
    {gradients_avx512_few_filters_tile.positions, gradients_avx512_few_filters_tile.filters},
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept {
        return p.filters_per_group() > gradients_avx512_few_filters_tile.filters
                   ? "it has more than 16 filters a group"
                   : few_gradient_filters(p, gradients_avx512_few_filters_tile);
    },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx512_few_filters, gradients_avx512_few_filters_tile);
    },
};

} // namespace conv1d::schedules
