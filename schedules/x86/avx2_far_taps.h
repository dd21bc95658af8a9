#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX2 and FMA, in every order but `scb`, whose taps are so far apart
// that a copy of what they span takes long beside the sums: it reads the input where it lies.
//
// Tile    2 vectors of filters x 6 positions = 12 accumulators; 2 registers for the weights, 1 for the input.
// Bound   FMA throughput; samples from L2 or further.
// Speed   microtcn_k13_d1000 in `cbt` order: 72 % of the FMA peak, 1.76 times x86/avx2_filters; 32 channels and filters, 2 taps
//         512 apart 1.3 times, 64 and 3 taps 256 apart 1.14 times; 128 and 3 taps 256 apart, where a copy
//         takes an eighth of the time of the sums, 0.92 times (in turns on a busy AMD EPYC without AVX-512,
//         2026-11-27).
// Loses   register tiles in which a tap crosses an end of the signal: they copy what all their taps span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx2_far_taps{
    "x86/avx2_far_taps",
    avx2_far_taps_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept {
        const Tile &tile = avx2_far_taps_tile;
        return copies_quickly(p, tile, avx2_to_copy) ? "its taps are close together, or its filters many"
                                                     : few_filters(p, tile);
    },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx2_far_taps_tile); },
    nullptr,
    InputCopy::edges,
};

} // namespace conv1d::schedules
