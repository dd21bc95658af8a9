#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution of 1 to 3 filters a group and a large stride, without dilation, for AVX2 and FMA,
// every memory order: an inverse STFT.
//
// Tile    2 vectors of phases x 6 positions of one filter = 12 accumulators; 2 registers for the weights of the
//         phases, 1 for the input.
// Bound   FMA throughput, and a stride that fills its vectors; large layers, the weights from L3, each of which
//         serves 6 FMAs.
// Speed   in `scb` order 1026 -> 1 of 1024 taps, stride 256: 45 % of the FMA peak, 1.8 times portable/any; 256 -> 1 of
//         20, stride 10: 34 %, 1.2 times; 64 -> 1 of 32, stride 16: 51 %, 1.4 times; in `cbt` order 47, 45
//         and 57 %, 2.0, 2.0 and 1.9 times (in turns on a busy AMD EPYC without AVX-512, 2026-11-27).
// Loses   strides little above a multiple of 16, taps that are no multiple of the stride; more filters than 3, which fill
//         vectors themselves.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_phase_vectors{
    "x86/avx2_phase_vectors",
    avx2_phase_vectors_tile,
    WeightOrder::phase_inner,
    [](const Problem &p) noexcept { return unsuited_to_vectors_of_phases(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_phase_vectors_tile); },
};

} // namespace conv1d::schedules
