#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// As x86/avx2_rows, of few filters or so many more than whole blocks of 6, that blocks of 4 waste less.
//
// Tile    3 vectors of positions x 4 filters = 12 accumulators; 3 registers for the input, 1 for the weight.
// Bound   FMA throughput: 12 FMAs for 3 loads and 4 broadcasts; few filters, the copy.
// Speed   12 -> 64 of 15 taps, stride 2: 0.98 times x86/avx2_rows; 384 channels and filters, 3 taps, stride 2: 0.9 times.
// Loses   1 filter; taps far apart, as a copy has all that they span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_wide_rows{
    "x86/avx2_wide_rows",
    avx2_wide_rows_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[3].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx2_wide_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[3]); },
    InputCopy::rows,
};

} // namespace conv1d::schedules
