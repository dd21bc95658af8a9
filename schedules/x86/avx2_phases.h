#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for AVX2 and FMA, every memory order, one phase of the stride at a time.
//
// Tile    2 vectors of filters x 6 positions of one phase = 12 accumulators.
// Bound   FMA throughput in `cbt` order; in `scb` order, the scattered stores.
// Speed   not measured
// Loses   fewer than 8 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_phases{
    "x86/avx2_phases",
    avx2_phases_tile.positions,
    avx2_phases_tile.filters,
    avx2_phases_tile.copied,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_filters(p, avx2_phases_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_phases_tile); },
};

} // namespace conv1d::schedules
