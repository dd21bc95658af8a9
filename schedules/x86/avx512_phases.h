#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX-512, every memory order, one phase of the stride at a time: no term is
// multiplied by zero and nothing is added in memory.
//
// Tile    3 vectors of filters x 6 positions of one phase = 18 accumulators.
// Bound   FMA throughput in `cbt` order; in `scb` order, scattered stores of every output, so taps/stride
//         x channels terms have to outweigh them.
// Speed   times that of 8 positions: matlab_tconv 1.17 in `cbt` order and 1.02 in `scb`, matlab_tconv_11x96_s4 1.21
//         and 1.05, dac_up_c1536_s8 0.96 in both (in turns on an AMD EPYC, 2026-11-27).
// Loses   fewer than 24 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx512_phases{
    "x86/avx512_phases",
    avx512_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_transposed[0].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_phases_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_transposed, avx512_transposed[0]); },
    InputCopy::always,
    Fetch::filters,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
