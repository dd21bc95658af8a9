#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise layers of few taps for AVX-512 in `cbt` order, one filter for each channel, any stride and
// dilation: lanes are channels, and nothing is copied.
//
// Tile    4 positions of 4 vectors of channels: 16 accumulators; four vectors of weights for each tap. A row of
//         a tile is 4 cache lines, and what a tile takes besides its sums counts for 16 vectors.
// Bound   loads: 20 for 16 FMAs; with few taps, memory. Tiles that see outside of the signal sum each position
//         by itself, with 8 loads for 4 FMAs.
// Speed   times that of portable/depthwise_channels, signals of 256 KB, 3 to 9 taps: 64 channels 1.1, 128 to 512
//         1.2 to 1.6, 1024 to 5120 1.3 to 1.7; 3 to 9 taps 16 samples apart, 512 channels, 1.7 to 2.5; times
//         that of portable/depthwise_taps, fastconformer_stream_dw_k9 1.2 (in turns, AMD EPYC, 2026-11-28).
// Loses   more than 15 taps, more than 9 apart from each other, or fewer than 128 channels, where
//         portable/depthwise_taps takes them. To portable/depthwise_channels: channels that fill less than
//         three quarters of the tiles; signals beyond the caches with 256 to 1023 channels (512 channels of
//         64 MB take 1.15 times as long; not understood).
// Memory  scratch: what each padded position repeats. Threads: over tiles, batch, or blocks of 64 channels.
inline constexpr Schedule x86_avx512_channels{
    "x86/avx512_channels",
    avx512_channels_tile,
    WeightOrder::group_inner,
    [](const Problem &p) noexcept { return unsuited_to_channels_in_place(p, group_block); },
    [](const Problem &p) noexcept { return outside_bytes(p) + told_bytes; },
    [](const Problem &p) noexcept {
        return reads_parts_of_pages(p) ? "it is larger than the caches, and few channels are near each other"
                                       : better_by_single_vectors(p, group_block);
    },
    InputCopy::none,
    Fetch::none,
    FetchInput::none,
    0,
    4,
};

} // namespace conv1d::schedules
