#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX2 and FMA, every memory order, one phase of the stride at a time.
//
// Tile    2 vectors of filters x 6 positions of one phase = 12 accumulators.
// Bound   FMA throughput in `cbt` order; in `scb` order, the scattered stores.
// Speed   in `scb` order 128 -> 64 of 16 taps, stride 8: 80 % of the FMA peak; of 4 taps, stride 2: 75 % (in turns on a busy
//         AMD EPYC without AVX-512, 2026-11-27).
// Loses   fewer than 8 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_phases{
    "x86/avx2_phases",
    avx2_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_transposed[0].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_phases_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_transposed, avx2_transposed[0]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
