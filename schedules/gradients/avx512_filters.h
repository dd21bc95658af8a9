#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Dense layers, every memory order, for AVX-512: 32 vector registers of 16 floats.
//
// Tile    2 vectors of filters x 12 (tap, channel) pairs = 24 accumulators; 2 registers for the gradient, the
//         input is broadcast.
// Bound   FMA throughput: 24 FMAs for 2 loads and 12 broadcasts; in `scb` order the copy of the gradient
//         transposes.
// Speed   of the FMA peak: 87 % (32 -> 32 filters of 40 taps), 75 % (12 -> 64 of 15 taps, stride 2), 69 % (600 -> 600
//         of 3 taps, 80 positions) in `scb` order, 2026-11-23; of whole layers in
//         bench/results/backward_cost.txt.
// Loses   fewer than 8 filters; few pairs, because the copy of the gradient is used for them only.
// Memory  scratch: the sums of each slab, a chunk of the gradient and of the input, or in `cbt` order
//         of what taps see at the ends. Threads: over blocks of filters,
//         groups and slabs.
inline constexpr Schedule gradients_avx512_filters{
    "gradients/avx512_filters",
    {gradients_avx512_filters_tile.positions, gradients_avx512_filters_tile.filters},
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_gradient_filters(p, gradients_avx512_filters_tile); },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx512_filters, gradients_avx512_filters_tile);
    },
};

} // namespace conv1d::schedules
