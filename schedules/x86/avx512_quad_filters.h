#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order, of filters that blocks of 64 fit. It reads
// the input where it lies, in `scb` order from a copy.
//
// Tile    4 vectors of filters x 6 positions = 24 accumulators; 4 registers for the weights, the input is broadcast.
// Bound   FMA throughput: 24 FMAs for 4 loads and 6 broadcasts; in `scb` order the scattered stores come on top.
// Speed   24 layers in `cbt` order: 1.07 times that of avx512_pair_filters, 1.16 times that of avx512_filters (geometric
//         means, conv1d_bench on an Intel Xeon, 2026-11-28).
// Loses   as avx512_pair_filters
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_quad_filters{
    "x86/avx512_quad_filters",
    avx512_quad_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[9].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx512_quad_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[9]); },
    InputCopy::edges,
    Fetch::filters,
};

} // namespace conv1d::schedules
