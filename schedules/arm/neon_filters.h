#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for ARMv8 NEON, every memory order: 32 vector registers of 4 floats.
//
// Tile    3 vectors of filters x 8 positions = 24 accumulators; 3 registers for the weights, the rest for
//         the input.
// Bound   FMA throughput: 24 FMAs for 3 loads and 8 broadcasts; in `scb` order the scattered stores come
//         on top.
// Speed   not measured
// Loses   fewer than 6 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule arm_neon_filters{
    "arm/neon_filters",
    neon_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return few_filters(p, neon_filters_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, neon_filters_tile); },
};

} // namespace conv1d::schedules
