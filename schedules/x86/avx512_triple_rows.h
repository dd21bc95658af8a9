#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX-512 of a stride above 1, of filters that blocks of 8 fit better
// than blocks of 12.
//
// Tile    3 vectors of positions x 8 filters = 24 accumulators; 3 registers for the input vectors, the weights are
//         broadcast.
// Bound   FMA throughput: 24 FMAs for 3 loads and 8 broadcasts; the copy as in avx512_rows.
// Speed   8 layers: 1.06 times that of avx512_rows, 1.10 times that of avx512_wide_rows (geometric means, conv1d_bench
//         on an Intel Xeon, 2026-11-28).
// Loses   few terms, for which 8 rows of the output at a time are stored more slowly than 4; few positions beyond a
//         multiple of 48; taps far apart, as a copy has all that they span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_triple_rows{
    "x86/avx512_triple_rows",
    avx512_triple_rows_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[11].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx512_triple_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[11]); },
    InputCopy::rows,
    Fetch::positions,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
