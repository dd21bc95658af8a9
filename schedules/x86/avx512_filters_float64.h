#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of doubles, of any stride, for AVX-512, every memory order: 32 vector registers of 8.
//
// Tile    3 vectors of filters x 8 positions = 24 accumulators; 3 registers for the weights, the input is
//         broadcast.
// Bound   FMA throughput: 24 FMAs for 3 loads and 8 broadcasts; in `scb` order the scattered stores come
//         on top.
// Speed   not measured
// Loses   fewer than 12 filters, or a remainder of less than half a block; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx512_filters_float64{
    "x86/avx512_filters_float64",
    avx512_filters_float64_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_filters(p, avx512_filters_float64_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_filters_float64_tile); },
};

} // namespace conv1d::schedules
