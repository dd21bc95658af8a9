#pragma once

#include "conv1d/kernel.h"

#include <algorithm>

// Tile sizes of every schedule, chosen by measurement (each schedule's file says how and what it reached).
namespace conv1d::schedules {

/// For AVX-512: copies for a second cache of 1 MB and more, which all processors have that it was measured
/// on.
constexpr Tile avx512_tile(int positions, int filters, int copied) noexcept {
    return {positions, filters, copied, 576 * 1024};
}

inline constexpr Tile avx512_positions_tile = avx512_tile(32, 12, 32);
inline constexpr Tile avx512_minimal_tile = avx512_tile(192, 8, 8);
inline constexpr Tile avx512_rows_tile = avx512_tile(32, 12, 32);
inline constexpr Tile avx512_wide_rows_tile = avx512_tile(64, 4, 16);
inline constexpr Tile avx512_filters_tile = avx512_tile(6, 48, 21);
inline constexpr Tile avx512_wide_positions_tile = avx512_tile(64, 4, 16);
inline constexpr Tile avx512_triple_positions_tile = avx512_tile(48, 8, 20);
inline constexpr Tile avx512_triple_rows_tile = avx512_tile(48, 8, 20);
inline constexpr Tile avx512_narrow_positions_tile = avx512_tile(16, 24, 64);
inline constexpr Tile avx512_pair_filters_tile = avx512_tile(8, 32, 16);
inline constexpr Tile avx512_quad_filters_tile = avx512_tile(6, 64, 21);
inline constexpr Tile avx512_few_filters_tile = avx512_tile(8, 16, 18);
inline constexpr Tile avx512_far_positions_tile = avx512_tile(64, 4, 16);
inline constexpr Tile avx512_paired_taps_tile = avx512_tile(128, 1, 8);
inline constexpr Tile avx512_depthwise_tile = avx512_tile(256, 1, 4);
inline constexpr Tile avx512_channels_tile = avx512_tile(4, 1, 16);
inline constexpr Tile avx512_filters_float64_tile = avx512_tile(8, 24, 8);
inline constexpr Tile avx512_phases_tile = avx512_tile(6, 48, 22);
inline constexpr Tile avx512_pair_phases_tile = avx512_tile(8, 32, 16);
inline constexpr Tile avx512_quad_phases_tile = avx512_tile(6, 64, 22);
inline constexpr Tile avx512_few_phases_tile = avx512_tile(8, 16, 16);
inline constexpr Tile avx512_phase_positions_tile = avx512_tile(64, 4, 4);
inline constexpr Tile avx512_phase_vectors_tile = avx512_tile(24, 1, 8);
inline constexpr Tile avx2_positions_tile{16, 6, 32};
inline constexpr Tile avx2_wide_positions_tile{24, 4, 20};
inline constexpr Tile avx2_minimal_tile{64, 6, 24};
inline constexpr Tile avx2_rows_tile{16, 6, 16};
inline constexpr Tile avx2_wide_rows_tile{24, 4, 10};
inline constexpr Tile avx2_far_positions_tile{24, 4, 20};
inline constexpr Tile avx2_far_taps_tile{6, 16, 21};
inline constexpr Tile avx2_channels_tile{3, 1, 32};
inline constexpr Tile avx2_filters_tile{6, 16, 21};
inline constexpr Tile avx2_wide_filters_tile{4, 24, 32};
inline constexpr Tile avx2_filters_float64_tile{6, 8, 10};
inline constexpr Tile avx2_phases_tile{6, 16, 10};
inline constexpr Tile avx2_phase_positions_tile{24, 4, 5};
inline constexpr Tile avx2_phase_vectors_tile{6, 1, 32};
inline constexpr Tile avx2_paired_taps_tile{64, 1, 16};
inline constexpr Tile neon_positions_tile{16, 6, 16};
inline constexpr Tile neon_filters_tile{8, 12, 16};
inline constexpr Tile neon_phases_tile{8, 12, 8};
inline constexpr Tile gpu_direct_tile{4, 8, 1};
inline constexpr Tile depthwise_positions_tile{64, 1, 8};
inline constexpr Tile depthwise_channels_tile{8, 1, 8};
inline constexpr Tile depthwise_taps_tile{8, 1, 16};
inline constexpr Tile portable_any_tile{48, 1, 4};

/// Of a weights' gradient.
struct GradientTile {
    int positions; ///< of one chunk: what is summed up at a time
    int filters;   ///< of a register tile
    int sums;      ///< of a register tile, for each filter: (tap, channel) pairs
};

inline constexpr GradientTile gradients_avx512_filters_tile{320, 32, 12};
inline constexpr GradientTile gradients_avx512_few_filters_tile{128, 16, 24};
inline constexpr GradientTile gradients_avx512_positions_tile{2048, 4, 6};
inline constexpr GradientTile gradients_avx2_filters_tile{320, 16, 6};
inline constexpr GradientTile gradients_positions_tile{1024, 1, 8};
inline constexpr GradientTile gradients_avx512_taps_tile{1024, 1, 11};
inline constexpr GradientTile gradients_channels_tile{128, 1, 4};
inline constexpr GradientTile gradients_avx512_channels_tile{128, 1, 4};
inline constexpr GradientTile gradients_sums_tile{64, 256, 1};
inline constexpr GradientTile gradients_elementwise_tile{1, 1, 1};

/// Of a register tile, the most.
inline constexpr int most_gradient_sums = std::max(
    {gradients_avx512_filters_tile.sums, gradients_avx512_few_filters_tile.sums,
     gradients_avx512_positions_tile.sums, gradients_avx2_filters_tile.sums, gradients_positions_tile.sums,
     gradients_avx512_taps_tile.sums, gradients_channels_tile.sums, gradients_avx512_channels_tile.sums,
     gradients_sums_tile.sums, gradients_elementwise_tile.sums});

} // namespace conv1d::schedules
