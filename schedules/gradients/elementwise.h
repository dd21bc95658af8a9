#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Activations, and gradients through them, of every element.
//
// Tile    1 vector.
// Bound   memory; of the smooth ones, some 20 to 40 operations an element.
// Speed   not measured
// Loses   `strided` order, an element at a time.
// Memory  no scratch. Threads: over observations and channels.
inline constexpr Schedule gradients_elementwise{
    "gradients/elementwise",
    {gradients_elementwise_tile.positions, gradients_elementwise_tile.filters},
    WeightOrder::tap_inner,
    [](const Problem &) noexcept { return suits; },
    [](const Problem &) noexcept { return std::size_t{0}; },
};

} // namespace conv1d::schedules
