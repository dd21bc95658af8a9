#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution in `scb` and `cbt` order for AVX-512, one phase of the stride at a time.
//
// Tile    4 vectors of positions of one phase x 4 filters = 16 accumulators.
// Bound   FMA throughput: 16 FMAs for 4 loads, that cross cache lines, and 4 broadcasts; each output of a
//         stride above 1 is stored alone.
// Speed   64 -> 12 filters of 15 taps, stride 2: 82 % of the FMA peak in `scb`, 79 % in `cbt` order (conv1d time,
//         2026-11-23).
// Loses   few taps and channels, where storing costs as much as computing; in `cbt` order the copy transposes.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_phase_positions{
    "x86/avx512_phase_positions",
    avx512_phase_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_transposed[2].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_phase_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_transposed, avx512_transposed[2]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
