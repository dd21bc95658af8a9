#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for ARMv8 NEON: 32 vector registers of 4 floats.
//
// Tile    4 vectors of positions x 6 filters = 24 accumulators; 4 registers for the input, 1 for the
//         weight.
// Bound   FMA throughput: 24 FMAs for 4 loads and 6 broadcasts.
// Speed   not measured
// Loses   fewer than 3 filters, fewer than 8 positions, large dilations (the copy spans them).
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule arm_neon_positions{
    "arm/neon_positions",
    neon_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return unsuited_to_vectors_of_positions(p, neon_positions_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, neon_positions_tile); },
};

} // namespace conv1d::schedules
