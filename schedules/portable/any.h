#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Every problem on every processor: the last row of every table.
//
// Tile    48 positions x 1 filter: 12 SSE or NEON, 6 AVX2, 3 AVX-512 vectors of positions; the weight is
//         broadcast. One filter at a time wastes nothing on depthwise or single-filter layers.
// Bound   load ports: one load an FMA.
// Speed   not measured
// Loses   wherever another row applies.
// Memory  scratch: one copied tile a thread, positions contiguous in every order. Threads: over tiles and
//         batch.
inline constexpr Schedule portable_any{
    "portable/any",
    portable_any_tile,
    WeightOrder::tap_inner,
    [](const Problem &) noexcept { return suits; },
    [](const Problem &p) noexcept { return scratch_bytes(p, portable_any_tile); },
};

} // namespace conv1d::schedules
