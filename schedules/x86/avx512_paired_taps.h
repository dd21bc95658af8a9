#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise convolution of long signals with many taps for AVX-512, any number of filters for each channel,
// in `scb` order.
//
// Tile    8 vectors of positions x 1 filter = 8 accumulators; the weight is broadcast.
// Bound   loads: a vector of samples straddles two cache lines in all but one of 16 places, which takes two loads. Taps
//         whose samples are one vector apart (16 taps, or 8 of dilation 2) are therefore summed in pairs: 9
//         vectors for 16 FMAs. Then the copy of the input.
// Speed   times that of portable/depthwise_positions: 1.6 (64 taps), quartznet_dw_k33 1.35 (CPU time in turns on
//         a busy AMD EPYC, 2026-11-26; pairs alone, from L1, 107 to 113 of 118 GFLOP/s).
// Loses   few taps, stride above 1, dilation above 2: to x86/avx512_depthwise and portable/depthwise_positions.
//         Short signals of 16 channels or more: to portable/depthwise_taps.
// Memory  scratch: 8 tiles of one channel a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_paired_taps{
    "x86/avx512_paired_taps",
    avx512_paired_taps_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        return unsuited_to_pairs_of_taps(p, avx512_paired_taps_tile, x86_avx512_paired_taps.pair_samples);
    },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_paired_taps_tile); },
    nullptr,
    InputCopy::always,
    Fetch::none,
    FetchInput::none,
    /*pair_samples=*/16,
};

} // namespace conv1d::schedules
