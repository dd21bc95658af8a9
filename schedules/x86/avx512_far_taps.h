#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, in every order but `scb`, whose taps are so far apart that
// most of a copy would be samples between them: it reads the input where it lies.
//
// Tile    1 vector of filters x 24 positions = 24 accumulators; 1 register for the weights, the input is
//         broadcast by the FMA's memory operand.
// Bound   load ports and FMA throughput: 24 FMAs for 25 loads, of samples from L2 or further.
// Speed   microtcn_k13_d1000 in `cbt` order: 79 % of the FMA peak, 1.8 times x86/avx512_few_filters; taps that span some
//         hundred positions mostly take less time with a copy (interleaved rounds, AMD EPYC, 2026-11-26).
// Loses   register tiles in which a tap crosses an end of the signal: they copy what all their taps span.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_far_taps{
    "x86/avx512_far_taps",
    avx512_far_taps_tile.positions,
    avx512_far_taps_tile.filters,
    avx512_far_taps_tile.copied,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept {
        const Tile &tile = avx512_far_taps_tile;
        return (p.taps - 1) * p.dilation < 16 * tile.positions * tile.copied * p.stride
                   ? "its taps are close together"
                   : few_filters(p, tile);
    },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx512_far_taps_tile); },
    nullptr,
    InputCopy::edges,
};

} // namespace conv1d::schedules
