#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution in `scb` and `cbt` order for AVX2 and FMA of few filters, one phase of the stride at
// a time.
//
// Tile    3 vectors of positions of one phase x 4 filters = 12 accumulators; 3 registers for the input, 1 for the weight.
// Bound   FMA throughput: 12 FMAs for 3 loads and 4 broadcasts; each output of a stride above 1 is stored alone.
// Speed   64 -> 12 of 15 taps, stride 2: 77 % of the FMA peak, 1.6 times x86/avx2_phases; 64 -> 8 of 8, stride 4: 48 %, 1.4
//         times; in `cbt` order 1.1 and 1.3 times (in turns on a busy AMD EPYC without AVX-512, 2026-11-27).
// Loses   few taps and channels, where storing costs as much as computing; 1 filter.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_phase_positions{
    "x86/avx2_phase_positions",
    avx2_phase_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx2_transposed[1].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_phase_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_transposed, avx2_transposed[1]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
