#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` and `cbt` order for AVX2 and FMA, of few filters or so many more
// than whole blocks of 6, that blocks of 4 waste less.
//
// Tile    3 vectors of positions x 4 filters = 12 accumulators; 3 registers for the input, 1 for the weight.
// Bound   FMA throughput: 12 FMAs for 3 loads and 4 broadcasts.
// Speed   0.9 to 1.1 times x86/avx2_positions where both fit; 64 channels, 4 filters of 7 taps: 1.2 times it.
//         In `cbt` order, 32 channels, 8 filters of 7 taps: 1.4 times x86/avx2_filters; 12 filters: 1.08
//         times (in turns on a busy AMD EPYC without AVX-512, 2026-11-27).
// Loses   1 filter; pointwise layers in `cbt` order, where the copy transposes; fewer than 12 positions, large dilations.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_wide_positions{
    "x86/avx2_wide_positions",
    avx2_wide_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[1].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_wide_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[1]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
