#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order, of so few filters, or so many more than
// whole blocks of 48, that blocks of 16 waste less.
//
// Tile    1 vector of filters x 24 positions = 24 accumulators; 1 register for the weights, the input is
//         broadcast by the FMA's memory operand.
// Bound   load ports and FMA throughput: 24 FMAs for 25 loads; in `scb` order the scattered stores come on
//         top.
// Speed   in `cbt` order m5_first_k80_s4, one channel: 82 % of the FMA peak, 1.5 times as fast as with a loop for each
//         tap; genomics, 4 channels: 71 %, 1.1 times (interleaved rounds on a busy AMD EPYC, 2026-11-26).
// Loses   few terms a sum: 24 rows with strides of their own are addressed anew for each tile.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_few_filters{
    "x86/avx512_few_filters",
    avx512_few_filters_tile.positions,
    avx512_few_filters_tile.filters,
    avx512_few_filters_tile.copied,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[3].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_few_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[3]); },
};

} // namespace conv1d::schedules
