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
// Bound   loads: 25 for 24 FMAs; and a stride that fills its vectors. The weights of a block of phases are one
//         run of memory, which all tiles of a copy read.
// Speed   pt_120982_istft_tconv, 1026 -> 1, 1024 taps, stride 256: 2.1 and 1.9 times what it took when a channel's
//         taps were neighbours, 1.1 and 0.9 times oneDNN 2.6.3, in `scb` and `cbt` order (bench/forward_cost,
//         in turns, Intel Xeon, 2026-11-28). Two taps at a time, which broadcast each sample once for both,
//         were 1.3 times as fast still, but not summed in the same order at each position of a tile.
// Loses   strides little above a multiple of 16, taps that are no multiple of the stride; more filters than 3, which fill vectors themselves.
// Memory  scratch: one copy, of several tiles, a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_phase_vectors{
    "x86/avx512_phase_vectors",
    avx512_phase_vectors_tile,
    WeightOrder::phase_inner,
    [](const Problem &p) noexcept { return unsuited_to_vectors_of_phases(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx512_phase_vectors_tile); },
};

} // namespace conv1d::schedules
