#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX-512 of a stride above 1 or of taps far apart.
//
// Tile    2 vectors of positions x 12 filters = 24 accumulators; 2 registers for the input vectors, the
//         weights are broadcast by the FMA's memory operand or one register.
// Bound   FMA throughput: 24 FMAs for 2 loads and 12 broadcasts. The copy takes each sample out of a strided
//         piece of the signal, which the filters have to make up for.
// Speed   not measured
// Loses   fewer than 6 filters.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_rows{
    "x86/avx512_rows",
    avx512_rows_tile.positions,
    avx512_rows_tile.filters,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[4].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx512_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[4]); },
    InputCopy::rows,
    avx512_rows_tile.positions * avx512_rows_tile.copied,
};

} // namespace conv1d::schedules
