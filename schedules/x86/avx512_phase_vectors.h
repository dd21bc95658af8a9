#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Transposed convolution of 1 to 3 filters a group and a large stride, without dilation, for AVX-512, every
// memory order: an inverse STFT.
//
// Tile    1 vector of phases x 24 positions of one filter = 24 accumulators; of an even number of taps two at a
//         time: 2 registers for their weights, 2 for the input, of which a sample is broadcast once for both
//         taps of neighbouring positions.
// Bound   FMA throughput (27 loads for 48 FMAs; 25 for 24 of an odd number of taps), and a stride that fills
//         its vectors. The weights of a block of phases are one run of memory, which all tiles of a copy
//         read.
// Speed   pt_120982_istft_tconv, 1026 -> 1, 1024 taps, stride 256: 74 % of the FMA peak in `scb`, 68 % in `cbt`
//         order, 1.45 and 1.09 times oneDNN 2.6.3; convtasnet_decoder, 256 -> 1, 20 taps, stride 10, 10 of 16
//         lanes: 26 and 19 % (bench/forward_cost, Intel Xeon, 2026-11-28).
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
