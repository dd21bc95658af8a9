#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX2 and FMA whose taps are far apart: a copy of all that
// they span would leave the second cache, and so would reading it where it lies.
//
// Tile    3 vectors of positions x 4 filters = 12 accumulators.
// Bound   FMA throughput, 12 FMAs for 3 loads and 4 broadcasts; few filters, the copy of each sample for each tap.
// Speed   microtcn_k13_d1000, 32 -> 32 of 13 taps 1000 apart: 50 % of the FMA peak, 1.12 times x86/avx2_rows with a copy of
//         each tap's row (in turns on an AMD EPYC without AVX-512, 2026-11-27): 46 % of the samples
//         that a profiler took, beside other load, lie before the sums: the copy, 288 bytes at a time from as
//         many places as there are taps and channels.
// Loses   1 and 2 filters; taps that are close together.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_far_positions{
    "x86/avx2_far_positions",
    avx2_far_positions_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[5].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_of_taps(p, avx2_far_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[5]); },
    InputCopy::taps,
};

} // namespace conv1d::schedules
