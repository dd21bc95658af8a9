#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order, of filters that blocks of 32 fit better
// than blocks of 48.
//
// Tile    2 vectors of filters x 12 positions = 24 accumulators; 2 registers for the weights, the input is
//         broadcast by the FMA's memory operand or one register.
// Bound   FMA throughput: 24 FMAs for 2 loads and 12 broadcasts; in `scb` order the scattered stores come on
//         top.
// Speed   kws_small, 40 -> 64 filters of 9 taps, 100 samples: 81 % of the FMA peak in `scb` (bench/forward_cost on a busy
//         AMD EPYC, 2026-11-26).
// Loses   -
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_pair_filters{
    "x86/avx512_pair_filters",
    avx512_pair_filters_tile.positions,
    avx512_pair_filters_tile.filters,
    avx512_pair_filters_tile.copied,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[6].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_pair_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[6]); },
};

} // namespace conv1d::schedules
