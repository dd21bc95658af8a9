#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution for ARMv8 NEON, every memory order, one phase of the stride at a time.
//
// Tile    3 vectors of filters x 8 positions of one phase = 24 accumulators.
// Bound   FMA throughput in `cbt` order; in `scb` order, the scattered stores.
// Speed   not measured
// Loses   fewer than 6 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule arm_neon_phases{
    "arm/neon_phases",
    neon_phases_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_filters(p, neon_phases_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, neon_phases_tile); },
};

} // namespace conv1d::schedules
