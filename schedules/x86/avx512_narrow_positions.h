#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX-512, of a few vectors of positions.
//
// Tile    1 vector of positions x 24 filters = 24 accumulators; the weights are broadcast by the FMA's memory operand.
// Bound   loads: 25 for 24 FMAs, the weights from L2 if a block of filters has many.
// Speed   tcn_word_d8, 80 positions, for which the tiles of the other schedules waste a sixth or more: 98 % of the FMA
//         peak, 1.3 times x86/avx512_positions; else 0.8 to 1.0 times the best of them (interleaved rounds on
//         a busy AMD EPYC, 2026-11-26).
// Loses   positions for whole tiles of the wider ones.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_narrow_positions{
    "x86/avx512_narrow_positions",
    avx512_narrow_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[7].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_narrow_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[7]); },
    InputCopy::always,
    Fetch::none,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
