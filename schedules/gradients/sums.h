#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

/// In `cbt` order: positions that follow each other are added to sums of their own, so that no addition waits
/// for the one before.
inline constexpr int gradients_sums_chains = 4;

// The bias' gradient.
//
// Tile    64 positions in `scb` order: 4 accumulators of 16 floats, enough to hide the latency of an addition; 256
//         filters in `cbt` order, so that what is read lies together.
// Bound   memory.
// Speed   in whole layers: bench/results/backward_cost.txt
// Loses   `strided` order, an element at a time.
// Memory  scratch: 64 or 1280 sums. Threads: over filters.
inline constexpr Schedule gradients_sums{
    "gradients/sums",
    {gradients_sums_tile.positions, gradients_sums_tile.filters},
    WeightOrder::tap_inner,
    [](const Problem &) noexcept { return suits; },
    [](const Problem &p) noexcept {
        return static_cast<std::size_t>((gradients_sums_chains + 1) * gradients_sums_tile.filters +
                                        4 * widest_vector) *
               element_size(p.element);
    },
};

} // namespace conv1d::schedules
