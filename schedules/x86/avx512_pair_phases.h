#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX-512, every memory order, one phase of the stride at a time, of filters that
// blocks of 32 fit better than blocks of 48 or 64.
//
// Tile    2 vectors of filters x 8 positions of one phase = 16 accumulators.
// Bound   as avx512_pair_filters
// Speed   times that of 12 positions: in `cbt` order wave_ae_dec2 1.24, six other layers 1.02 to 1.07; in `scb` order
//         0.99 to 1.09 (in turns on an AMD EPYC, 2026-11-27).
// Loses   -
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_pair_phases{
    "x86/avx512_pair_phases",
    avx512_pair_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_transposed[3].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_pair_phases_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_transposed, avx512_transposed[3]); },
    InputCopy::always,
    Fetch::filters,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
