#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise layers of many taps, in `scb` order of short signals, too; any number of filters for each
// channel, any stride: lanes are channels. As portable/depthwise_channels, but along the signal first, from a
// copy of one vector of channels. Neighbouring taps are summed in pairs, but for targets without FMA.
//
// Tile    8 positions of one vector of channels: 8 accumulators; two vectors of weights for each pair.
// Bound   FMA throughput for a stride of 1 and a dilation of 1, or of 2: 11, or 12, loads for 16 FMAs, from the
//         first cache: the samples and weights of one vector of channels lie one after the other. Others load
//         18. Then the copy, in `scb` order by gathers.
// Speed   times that of portable/depthwise_channels in `cbt` order: quartznet_dw 2.3, 64 channels with 9 taps 1.5,
//         quartznet_dw_k33 and conformer_dw_k31 1.2, fastconformer_stream_dw_k9 1.1. In `scb` order
//         fastconformer_stream_dw_k9 1.8; times that of portable/depthwise_positions 256 channels of 128
//         samples 1.9, of 400 1.2 (9 taps), times that of x86/avx512_paired_taps 1.4 and 1.1 (31 taps; all in
//         turns on an AMD EPYC, 2026-11-27). Pairs, times that of single taps: 17 to 33 taps in `cbt` order
//         1.17 to 1.28 for AVX-512 and 1.02 to 1.2 for AVX2, fastconformer_stream_dw_k9 1.06;
//         conformer_dw_k31 in `scb` order 1.14. For SSE4.1 they would be 0.77 to 0.92 times as fast (the same
//         machine, 2026-11-28).
// Loses   few taps in `cbt` order: 4 taps take 1.2 times as long as in place. Long signals in `scb` order. By
//         the pairs: 15 taps 4 samples apart 0.94, fastconformer_stream_dw_k9 in `scb` order 0.95.
// Memory  scratch: 16 tiles and the taps, of 16 channels, a thread. Threads: over copies and batch.
inline constexpr Schedule portable_depthwise_taps{
    "portable/depthwise_taps",
    depthwise_taps_tile,
    WeightOrder::group_inner,
    [](const Problem &p) noexcept { return unsuited_to_copies_of_channels(p, depthwise_taps_tile); },
    [](const Problem &p) noexcept { return scratch_bytes_of_depthwise_taps(p, depthwise_taps_tile); },
    nullptr,
    InputCopy::always,
    Fetch::none,
    FetchInput::none,
    /*pair_samples=*/1,
};

} // namespace conv1d::schedules
