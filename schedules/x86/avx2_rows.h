#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX2 and FMA of a stride above 1 or of taps far apart.
//
// Tile    2 vectors of positions x 6 filters = 12 accumulators; 2 registers for the input, 1 for the
//         weight.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts.
// Speed   not measured
// Loses   fewer than 3 filters.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_rows{
    "x86/avx2_rows",
    avx2_rows_tile.positions,
    avx2_rows_tile.filters,
    avx2_rows_tile.copied,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return unsuited_to_rows(p, avx2_rows_tile); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx2_rows_tile); },
    nullptr,
    InputCopy::rows,
};

} // namespace conv1d::schedules
