#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of any stride for AVX-512, every memory order, of filters that blocks of 32 fit better
// than blocks of 48 or 64, or whose taps lie so far apart that a copy would take long. It reads the input
// where it lies, in `scb` order from a copy.
//
// Tile    2 vectors of filters x 8 positions = 16 accumulators; 2 registers for the weights, the input is
//         broadcast.
// Bound   FMA throughput: 16 FMAs for 2 loads and 8 broadcasts; in `scb` order the scattered stores come on
//         top.
// Speed   in `cbt` order, times that of 12 positions from a copy: 36 layers with 32 to 128 filters 1.09 (geometric
//         mean), onednn_wavenet_conv1d_1 1.34, ecg_xresnet_stem 1.36, 512 channels with one tap 1.17;
//         microtcn_k13_d1000 1.08 times that of 24 positions by one vector of filters in place (in turns on
//         an AMD EPYC, 2026-11-27).
// Loses   register tiles that see outside of the signal, and all of them if the input is activated first: each
//         copies what all its taps span, for each block of filters.
// Memory  scratch: one copied tile a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_pair_filters{
    "x86/avx512_pair_filters",
    avx512_pair_filters_tile,
    WeightOrder::channel_inner,
    [](const Problem &p) noexcept { return avx512_convolutions[6].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx512_pair_filters_tile); },
    [](const Problem &p) noexcept { return yields(p, avx512_convolutions, avx512_convolutions[6]); },
    InputCopy::edges,
    Fetch::filters,
};

} // namespace conv1d::schedules
