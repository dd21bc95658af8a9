#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order of stride 1 for AVX-512, of filters that blocks of 8 fit better than
// blocks of 12.
//
// Tile    3 vectors of positions x 8 filters = 24 accumulators; 3 registers for the input vectors, the weights are
//         broadcast.
// Bound   FMA throughput: 24 FMAs for 3 loads, that cross cache lines, and 8 broadcasts.
// Speed   15 layers: 1.06 times that of avx512_positions, 1.11 times that of avx512_wide_positions (geometric means,
//         conv1d_bench on an Intel Xeon, 2026-11-28).
// Loses   few positions beyond a multiple of 48; fewer than 4 filters.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_triple_positions{
    "x86/avx512_triple_positions",
    avx512_triple_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[10].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_triple_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[10]); },
    InputCopy::always,
    Fetch::positions,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
