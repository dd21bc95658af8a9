#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX2 and FMA of a stride above 1.
//
// Tile    2 vectors of positions x 6 filters = 12 accumulators; 2 registers for the input, 1 for the weight. Channels
//         are summed innermost: where a tap's row begins is looked up once for all of them.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts; few filters, the copy.
// Speed   of the FMA peak: 512 channels and filters, 3 taps, stride 2: 77 %; m5_first_k80_s4, 1 -> 128 of 80 taps, stride 4:
//         67 %; convtasnet_encoder, 1 -> 256 of 20, stride 10: 55 % (in turns on an AMD EPYC without AVX-512,
//         2026-11-27).
// Loses   fewer than 3 filters; taps far apart, as a copy has all that they span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_rows{
    "x86/avx2_rows",
    avx2_rows_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[2].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx2_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[2]); },
    InputCopy::rows,
};

} // namespace conv1d::schedules
