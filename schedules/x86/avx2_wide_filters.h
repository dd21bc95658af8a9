#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// As x86/avx2_filters, of so few positions that blocks of 4 waste less.
//
// Tile    3 vectors of filters x 4 positions = 12 accumulators; 3 registers for the weights, 1 for the input.
// Bound   FMA throughput: 12 FMAs for 3 loads and 4 broadcasts; of up to 4 positions the weights, which are read once.
// Speed   silero_stft_basis, 1 -> 258 of 256 taps, 4 positions: 53 % of the FMA peak in `scb` order, 1.7 times
//         x86/avx2_filters; 512 channels and filters in `cbt` order: 3 taps, 3 and 5 positions 1.4 times, 1
//         tap, 4 positions 1.4 times; 24 channels and filters, 3 taps 1.3 times (in turns on an AMD EPYC
//         without AVX-512, 2026-11-27).
// Loses   fewer than 12 filters; few terms in `scb` order.
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_wide_filters{
    "x86/avx2_wide_filters",
    avx2_wide_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[6].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_wide_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[6]); },
    InputCopy::always,
    Fetch::filters,
};

} // namespace conv1d::schedules
