#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution in `scb` order for AVX-512 of a stride above 1.
//
// Tile    2 vectors of positions x 12 filters = 24 accumulators; 2 registers for the input vectors, the
//         weights are broadcast by the FMA's memory operand or one register.
// Bound   FMA throughput: 24 FMAs for 2 loads and 12 broadcasts. The copy takes each sample out of a strided
//         piece of the signal, which the filters have to make up for.
// Speed   wav2vec2_l1, 512 -> 512 of 3 taps, stride 2: 83 % of the FMA peak, 1.4 times avx512_few_filters; encodec_down,
//         64 -> 128 of 8 taps, stride 4: 79 % and 1.2 times; m5_first_k80_s4, one channel: 80 % and 2.9 times
//         (interleaved rounds on a busy AMD EPYC, 2026-11-26).
// Loses   fewer than 6 filters; taps far apart, as a copy has all that they span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_rows{
    "x86/avx512_rows",
    avx512_rows_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[4].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_in_rows(p, avx512_rows_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[4]); },
    InputCopy::rows,
    Fetch::positions,
    FetchInput::next_copy,
};

} // namespace conv1d::schedules
