#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Depthwise convolution of long signals for AVX-512, any number of filters for each channel, stride 1, in
// `scb` order: as portable/depthwise_positions, with fewer and larger tiles.
//
// Tile    16 vectors of positions x 1 filter = 16 accumulators; the weight is broadcast.
// Bound   few taps: memory. What a tile takes besides its sums (where its taps begin and end, whether it sees
//         outside of the signal) has to be so few instructions that the processor asks for the next row of
//         the signal meanwhile.
// Speed   times that of portable/depthwise_positions: mamba_dw_k4_d2560 1.4, mamba_dw and convtasnet_dw_d128 1.3,
//         jax_13800_dw_k5, of 4 tiles of which 2 are copied, 1.1; 256 channels of 700 samples 1.1, of
//         1500 1.2 (3 to 15 taps; forward_cost, in turns, Intel Xeon, 2026-11-28).
// Loses   many taps of dilation 1 or 2: to x86/avx512_paired_taps. Two tiles and less, signals that fill less
//         than three quarters of the tiles or are activated first, as each tile is copied then: to
//         portable/depthwise_positions. Stride 2: the same.
// Memory  scratch: one copied tile of one channel a thread. Threads: over tiles, groups and batch.
inline constexpr Schedule x86_avx512_depthwise{
    "x86/avx512_depthwise",
    avx512_depthwise_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept {
        return p.stride != 1 ? not_stride_1 : unsuited_to_depthwise_positions(p, avx512_depthwise_tile);
    },
    [](const Problem &p) noexcept { return scratch_bytes_of_edges(p, avx512_depthwise_tile); },
    [](const Problem &p) noexcept {
        return p.input_activation != Activation::none ? "each register tile is copied to be activated"
               : p.output_length() <= 2 * avx512_depthwise_tile.positions
                   ? "few of its register tiles lie inside of the signal"
                   : fills_few_tiles(p, avx512_depthwise_tile);
    },
    InputCopy::edges,
};

} // namespace conv1d::schedules
