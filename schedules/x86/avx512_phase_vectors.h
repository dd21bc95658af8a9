#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution of 1 to 3 filters a group and a large stride, without dilation, for AVX-512, every
// memory order: an inverse STFT.
//
// Tile    1 vector of phases x 24 positions of one filter = 24 accumulators; 1 register for the weights of the
//         phases, the input is broadcast by the FMA's memory operand.
// Bound   FMA throughput, and a stride that fills its vectors; large layers, the weights from L3, each of which
//         serves 24 FMAs.
// Speed   pt_120982_istft_tconv, 1026 -> 1, 1024 taps, stride 256: 88 % of the FMA peak in `scb`, 85 % in `cbt`
//         order, 2.7 and 2.4 times portable/any, 1.13 and 1.08 times oneDNN 2.6.3 (bench/forward_cost
//         pt_120982_istft_tconv --rounds 5, AMD EPYC, 2026-11-26).
//         convtasnet_decoder, 256 -> 1, 20 taps, stride 10, 10 of 16 lanes: 1.43 times portable/any in
//         `scb`, 1.34 in `cbt` order (the same on an Intel Xeon shared with other programs, --rounds 10,
//         2026-11-26).
// Loses   strides little above a multiple of 16, taps that are no multiple of the stride; more filters than 3, which fill vectors themselves.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_phase_vectors{
    "x86/avx512_phase_vectors",
    avx512_phase_vectors_tile,
    WeightOrder::phase_inner,
    [](const Problem &p) noexcept { return unsuited_to_vectors_of_phases(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_phase_vectors_tile); },
};

} // namespace conv1d::schedules
