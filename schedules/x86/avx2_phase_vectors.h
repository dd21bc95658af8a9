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
// Bound   FMA throughput, and a stride that fills its vectors. The weights of a block of phases are one run of
//         memory, which all tiles of a copy read.
// Speed   1026 -> 1 of 1024 taps, stride 256: 75 % of the FMA peak in `scb`, 71 % in `cbt` order; 256 -> 1 of 20,
//         stride 10: 33 and 39 % (bench/conv1d_bench, Intel Xeon, 2026-11-28). 64 -> 1 of 32, stride 16,
//         before the weights lay so: 51 and 57 % (AMD EPYC, 2026-11-27).
// Loses   strides little above a multiple of 16, taps that are no multiple of the stride; more filters than 3, which fill
//         vectors themselves.
// Memory  scratch: one copy, of several tiles, a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_phase_vectors{
    "x86/avx2_phase_vectors",
    avx2_phase_vectors_tile,
    WeightOrder::phase_inner,
    [](const Problem &p) noexcept { return unsuited_to_vectors_of_phases(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_phase_vectors_tile); },
};

} // namespace conv1d::schedules
