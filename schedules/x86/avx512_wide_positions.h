#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX-512, of few filters.
//
// Tile    4 vectors of positions x 4 filters = 16 accumulators, which a latency of 4 cycles keeps busy.
// Bound   FMA throughput: 16 FMAs for 4 loads, that cross cache lines, and 4 broadcasts.
// Speed   not measured
// Loses   -
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_wide_positions{
    "x86/avx512_wide_positions",
    avx512_wide_positions_tile.positions,
    avx512_wide_positions_tile.filters,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[2].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_wide_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[2]); },
};

} // namespace conv1d::schedules
