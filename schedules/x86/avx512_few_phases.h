#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX-512, every memory order, one phase of the stride at a time, of so few
// filters, or so many more than whole larger blocks, that blocks of 16 waste less.
//
// Tile    1 vector of filters x 8 positions of one phase = 8 accumulators.
// Bound   as avx512_few_filters
// Speed   times that of 24 positions, two layers of 16 filters: 1.06 and 1.08 in `cbt` order, 1.02 and 1.01 in `scb` (in
//         turns on an AMD EPYC, 2026-11-27).
// Loses   -
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_few_phases{
    "x86/avx512_few_phases",
    avx512_few_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_transposed[1].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_few_phases_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_transposed, avx512_transposed[1]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
