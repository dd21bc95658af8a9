#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX-512, every memory order, one phase of the stride at a time, of filters that
// blocks of 64 fit.
//
// Tile    4 vectors of filters x 6 positions of one phase = 24 accumulators.
// Bound   as avx512_quad_filters
// Speed   6 layers: 1.03 times that of avx512_pair_phases, 0.96 to 1.10, in either order (geometric mean, conv1d_bench
//         on an Intel Xeon, 2026-11-28).
// Loses   -
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_quad_phases{
    "x86/avx512_quad_phases",
    avx512_quad_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_transposed[4].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_quad_phases_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_transposed, avx512_transposed[4]); },
    InputCopy::always,
    Fetch::filters,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
