#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Depthwise layers in `cbt` order, any number of filters for each channel.
//
// Tile    2 vectors of groups x 4 taps = 8 accumulators.
// Bound   loads: 10 of 8 FMAs; memory, with few taps. Nothing is copied but what the taps of a tile see at the ends.
// Speed   in whole layers: bench/results/backward_cost.txt
// Loses   fewer groups than 2 vectors, which are loaded a lane at a time, and several filters of a channel; one tap,
//         of which the tile sums 4.
// Memory  scratch: the sums of each slab, samples of 4 taps at the ends. Threads: over slabs.
inline constexpr Schedule gradients_channels{
    "gradients/channels",
    {gradients_channels_tile.positions, gradients_channels_tile.filters},
    WeightOrder::group_inner,
    [](const Problem &p) noexcept {
        return !is_depthwise(p) ? not_depthwise : p.groups < 8 ? "it has fewer than 8 groups" : suits;
    },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_channels, gradients_channels_tile);
    },
    nullptr,
    InputCopy::edges,
    Fetch::none,
    FetchInput::none,
    0,
    2,
};

} // namespace conv1d::schedules
