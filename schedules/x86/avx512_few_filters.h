#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order, of so few filters, or so many more than
// whole larger blocks, that blocks of 16 waste less. It reads the input where it lies, in `scb` order from a
// copy.
//
// Tile    1 vector of filters x 8 positions = 8 accumulators; 1 register for the weights, the input is
//         broadcast by the FMA's memory operand.
// Bound   load ports and FMA throughput: 8 FMAs for 9 loads, 8 of them broadcasts; in `scb` order the
//         scattered stores come on top.
// Speed   in `cbt` order, 9 layers of 16 or 8 filters: 1.19 times that of 24 positions from a copy, whose addresses no
//         registers are left for (geometric mean, in turns on an AMD EPYC, 2026-11-27).
// Loses   as x86/avx512_pair_filters.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_few_filters{
    "x86/avx512_few_filters",
    avx512_few_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[3].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx512_few_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[3]); },
    InputCopy::edges,
    Fetch::filters,
};

} // namespace conv1d::schedules
