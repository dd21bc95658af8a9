#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX-512 of a stride above 1, of few filters.
//
// Tile    4 vectors of positions x 4 filters = 16 accumulators, which a latency of 4 cycles keeps busy.
// Bound   FMA throughput, 16 FMAs for 4 loads and 4 broadcasts; with fewer filters the copy.
// Speed   convtasnet_encoder, 1 -> 256 of 20 taps, stride 10: 78 % of the FMA peak; wav2vec2_l0, 1 -> 512 of 10, stride 5:
//         66 %; ecg_resnet, 12 -> 64 of 15, stride 2: 87 % (bench/forward_cost on a busy AMD EPYC,
//         2026-11-26).
// Loses   1 and 2 filters; taps far apart, as a copy has all that they span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_wide_rows{
    "x86/avx512_wide_rows",
    avx512_wide_rows_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[5].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx512_wide_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[5]); },
    InputCopy::rows,
    Fetch::positions,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
