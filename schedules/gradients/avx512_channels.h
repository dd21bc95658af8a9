#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"
#include "schedules/predicates.h"

namespace conv1d::schedules {

// Depthwise layers in `cbt` order for AVX-512, any number of filters for each channel.
//
// Tile    4 vectors of groups x 4 taps = 16 accumulators: rows of the signal are read 256 bytes at a time.
// Bound   loads: 20 of 16 FMAs; memory, with few taps. Nothing is copied but what the taps of a tile see at the ends.
// Speed   against gradients/channels, in turns on an AMD EPYC (Zen 4, 2026-11-28): 1.4 to 1.5 times as fast for pt_47341_dw_tconv,
//         1.8 for mamba_decode_step, 1.1 for quartznet_dw; jax_13800_dw_k5 0.9, of which the whole backward
//         pass takes 0.9 of the time. In whole layers: bench/results/backward_cost.txt
// Loses   fewer than 64 groups, which do not fill a tile; one tap, of which the tile sums 4.
// Memory  scratch: the sums of each slab, samples of 4 taps at the ends. Threads: over slabs.
inline constexpr Schedule gradients_avx512_channels{
    "gradients/avx512_channels",
    {gradients_avx512_channels_tile.positions, gradients_avx512_channels_tile.filters},
    WeightOrder::group_inner,
    [](const Problem &p) noexcept {
        return !is_depthwise(p) ? not_depthwise : p.groups < 64 ? "it has fewer than 64 groups" : suits;
    },
    [](const Problem &p) noexcept {
        return gradient_scratch_bytes(p, gradients_avx512_channels, gradients_avx512_channels_tile);
    },
    nullptr,
    InputCopy::edges,
    Fetch::none,
    FetchInput::none,
    0,
    4,
};

} // namespace conv1d::schedules
