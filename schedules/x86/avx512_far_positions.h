#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX-512 whose taps are far apart: a copy of all that they
// span would leave the second cache, and so would reading it where it lies.
//
// Tile    4 vectors of positions x 4 filters = 16 accumulators.
// Bound   FMA throughput, 16 FMAs for 4 loads and 4 broadcasts; few filters, the copy of each sample for each tap.
// Speed   not measured; that for AVX2 is 1.12 times the rows that this layer had before
// Loses   1 and 2 filters; taps that are close together.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_far_positions{
    "x86/avx512_far_positions",
    avx512_far_positions_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[8].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_of_taps(p, avx512_far_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[8]); },
    InputCopy::taps,
};

} // namespace conv1d::schedules
