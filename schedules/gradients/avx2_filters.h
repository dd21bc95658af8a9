#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Dense layers, every memory order, for AVX2 and FMA: 16 vector registers of 8 floats.
//
// Tile    2 vectors of filters x 6 (tap, channel) pairs = 12 accumulators; 2 registers for the gradient, 1 for the
//         input.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts; in `scb` order the copy of the gradient transposes.
// Speed   of the FMA peak in `scb` order: 69 % (12 -> 128 filters of 7 taps), 70 % (16 -> 96 of 11), 56 % (4 -> 300 of 19, the
//         gradient read from memory); chunks of 128 positions instead of 320 take 1 to 1.4 times as long (in
//         turns on an AMD EPYC without AVX-512, 2026-11-27).
// Loses   fewer than 4 filters; few pairs, because the copy of the gradient is used for them only.
// Memory  scratch: the sums of each slab, a chunk of the gradient and of the input, or in `cbt` order
//         of what taps see at the ends. Threads: over blocks of filters,
//         groups and slabs.
inline constexpr Schedule gradients_avx2_filters{
    "gradients/avx2_filters",
    {gradients_avx2_filters_tile.positions, gradients_avx2_filters_tile.filters},
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_gradient_filters(p, gradients_avx2_filters_tile); },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx2_filters, gradients_avx2_filters_tile);
    },
};

} // namespace conv1d::schedules
