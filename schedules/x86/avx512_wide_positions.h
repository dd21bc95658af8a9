#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` and `cbt` order for AVX-512, of few filters.
//
// Tile    4 vectors of positions x 4 filters = 16 accumulators, which a latency of 4 cycles keeps busy.
// Bound   FMA throughput: 16 FMAs for 4 loads, that cross cache lines, and 4 broadcasts.
// Speed   of the backward pass of basset_conv1, 300 -> 4 filters of 19 taps: 69 % of the FMA peak in `scb`, 58 % in
//         `cbt` order (bench/backward_cost, 2026-11-23).
// Loses   1 and 2 filters; `cbt` order with few taps, where the copy transposes and each output is stored alone.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_wide_positions{
    "x86/avx512_wide_positions",
    avx512_wide_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[2].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_wide_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[2]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
