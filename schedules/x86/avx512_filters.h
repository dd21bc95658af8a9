#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order: 32 vector registers of 16 floats.
//
// Tile    3 vectors of filters x 6 positions = 18 accumulators; 3 registers for the weights, the input is
//         broadcast.
// Bound   FMA throughput: 18 FMAs for 3 loads and 6 broadcasts; in `scb` order the scattered stores cost
//         as much as some 16 terms of the sum.
// Speed   18 layers in `cbt` order: 1.03 times that of 8 positions (geometric mean, in turns on an AMD EPYC,
//         2026-11-27).
// Loses   fewer than 24 filters, or a remainder of less than half a block; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx512_filters{
    "x86/avx512_filters",
    avx512_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[1].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[1]); },
    InputCopy::always,
    Fetch::filters,
};

} // namespace conv1d::schedules
