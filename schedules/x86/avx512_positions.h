#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX-512: 32 vector registers of 16 floats, 2 FMAs a
// cycle.
//
// Tile    2 vectors of positions x 12 filters = 24 accumulators; 2 registers for the input vectors, the
//         weights are broadcast by the FMA's memory operand or one register.
// Bound   FMA throughput: 24 FMAs for 2 loads, that cross cache lines, and 12 broadcasts.
// Speed   not measured
// Loses   fewer than 6 filters, fewer than 16 positions, large dilations (the copy spans them).
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx512_positions{
    "x86/avx512_positions",
    avx512_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[0].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[0]); },
    InputCopy::always,
    Fetch::positions,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
