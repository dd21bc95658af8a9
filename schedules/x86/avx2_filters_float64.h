#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of doubles, of any stride, for AVX2 and FMA, every memory order: 16 vector registers
// of 4.
//
// Tile    2 vectors of filters x 6 positions = 12 accumulators; 2 registers for the weights, 1 for the
//         input.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts; in `scb` order the scattered stores come
//         on top.
// Speed   not measured
// Loses   fewer than 4 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_filters_float64{
    "x86/avx2_filters_float64",
    avx2_filters_float64_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_filters(p, avx2_filters_float64_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_filters_float64_tile); },
};

} // namespace conv1d::schedules
