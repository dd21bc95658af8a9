#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// As x86/avx512_paired_taps for AVX2 and FMA: 16 vector registers of 8 floats.
//
// Tile    8 vectors of positions x 1 filter = 8 accumulators; a pair takes one vector of samples at a time.
// Bound   loads: every second vector of samples straddles two cache lines; pairs of taps 8 samples apart load 9 for 16
//         FMAs. Then the copy of the input.
// Speed   times that of portable/depthwise_positions: 1.46 (64 taps), 1.2 (33 taps), 1.15 (31 taps), 1.05 (17 and 9 taps);
//         16 taps of dilation 2 1.2 (in turns on a busy AMD EPYC without AVX-512, 2026-11-27).
// Loses   few taps, stride above 1, dilation above 2: to portable/depthwise_positions.
//         Short signals of 16 channels or more: to portable/depthwise_taps.
// Memory  scratch: 16 tiles of one channel a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_paired_taps{
    "x86/avx2_paired_taps",
    avx2_paired_taps_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        return unsuited_to_pairs_of_taps(p, avx2_paired_taps_tile, x86_avx2_paired_taps.pair_samples);
    },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_paired_taps_tile); },
    nullptr,
    InputCopy::always,
    Fetch::none,
    FetchInput::none,
    /*pair_samples=*/8,
};

} // namespace conv1d::schedules
