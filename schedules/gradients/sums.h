#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// The bias' gradient: one channel and one tap, of an input that is 1 everywhere.
//
// Tile    1 vector of positions x 1 sum.
// Bound   memory.
// Speed   not measured
// Loses   nothing: it takes one tap and one channel only.
// Memory  scratch: the sums, and a chunk of the ones. Threads: over slabs.
inline constexpr Schedule gradients_sums{
    "gradients/sums",
    gradients_sums_tile.positions,
    gradients_sums_tile.filters,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        return p.taps == 1 && p.channels_per_group() == 1 && p.groups == 1
                   ? suits
                   : "it has more than one weight a filter";
    },
    [](const Problem &p) noexcept { return gradient_scratch_bytes(p, gradients_sums, gradients_sums_tile); },
};

} // namespace conv1d::schedules
