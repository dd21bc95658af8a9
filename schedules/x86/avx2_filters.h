#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX2 and FMA, every memory order: 16 vector registers of 8 floats.
//
// Tile    2 vectors of filters x 6 positions = 12 accumulators; 2 registers for the weights, 1 for the
//         input.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts; in `scb` order the scattered stores come
//         on top.
// Speed   in `scb` order 40 -> 64 of 9 taps, 100 positions: 86 % of the FMA peak, 1.08 times x86/avx2_positions; 1 -> 258 of
//         256 taps, 4 positions: 30 %, 2.4 times x86/avx2_rows (in turns on a busy AMD EPYC without AVX-512,
//         2026-11-27).
// Loses   fewer than 8 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_filters{
    "x86/avx2_filters",
    avx2_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[4].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[4]); },
    InputCopy::always,
    Fetch::filters,
};

} // namespace conv1d::schedules
