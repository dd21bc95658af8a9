#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise convolution of long signals, any number of filters for each channel, in `scb` order.
//
// Tile    64 positions x 1 filter: 4 AVX-512, 8 AVX2, 16 SSE or NEON vectors of positions, enough to hide the latency of an
//         FMA; the weight is broadcast.
// Bound   loads: one an FMA; with few taps the copy of the input, then memory.
// Speed   quartznet_dw_k33: 26 to 34 % of the FMA peak; convtasnet_dw_d128: 12 GB/s (bench/forward_cost, AMD EPYC,
//         2026-11-26). Vectors that straddle cache lines, nearly all of them, take two loads.
// Loses   stride above 2, which loads a lane at a time, and short signals of 16 channels or more: to
//         portable/depthwise_taps. With AVX-512, more than 512 outputs: to x86/avx512_depthwise.
// Memory  scratch: 8 tiles of one channel a thread. Threads: over tiles and batch.
inline constexpr Schedule portable_depthwise_positions{
    "portable/depthwise_positions",
    depthwise_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return unsuited_to_depthwise_positions(p, depthwise_positions_tile); },
    [](const Problem &p) noexcept { return scratch_bytes(p, depthwise_positions_tile); },
};

} // namespace conv1d::schedules
