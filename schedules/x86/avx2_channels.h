#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// As x86/avx512_channels, for AVX2.
//
// Tile    3 positions of 4 vectors of channels: 12 accumulators; four vectors of weights for each tap.
// Bound   loads: 16 for 12 FMAs; with few taps, memory.
// Speed   times that of portable/depthwise_channels, signals of 256 KB, 3 to 9 taps: 32 to 128 channels 1.2 to
//         1.5, 512 and 1024 1.3 to 1.9; convtasnet_dw_d128 2.4, mamba_dw 1.5, jax_13800_dw_k5 1.3; times that
//         of portable/depthwise_taps, fastconformer_stream_dw_k9 1.6 (in turns, AMD EPYC, 2026-11-28).
// Loses   as x86/avx512_channels, but not with signals beyond the caches.
// Memory  scratch: what each padded position repeats. Threads: over tiles, batch, or blocks of 64 channels.
inline constexpr Schedule x86_avx2_channels{
    "x86/avx2_channels",
    avx2_channels_tile,
    WeightOrder::group_inner,
    [](const Problem &p) noexcept { return unsuited_to_channels_in_place(p, 32); },
    [](const Problem &p) noexcept { return outside_bytes(p) + told_bytes; },
    [](const Problem &p) noexcept { return better_by_single_vectors(p, 32); },
    InputCopy::none,
    Fetch::none,
    FetchInput::none,
    0,
    4,
};

} // namespace conv1d::schedules
