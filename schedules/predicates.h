#pragma once

#include "conv1d/problem.h"
#include "schedules/tuned_tiles.h"

namespace conv1d::schedules {

/// True when at least half of each register tile's work is asked for.
constexpr bool fills_half(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t blocks = (p.filters_per_group() + tile.filters - 1) / tile.filters;
    return 2 * p.filters_per_group() >= blocks * tile.filters;
}

/// One channel a group. A layer of a single channel is not: it is dense.
constexpr bool is_depthwise(const Problem &p) noexcept {
    return p.channels_per_group() == 1 && p.groups > 1;
}

/// True when there are positions (of a phase, if transposed) for at least half of a register tile.
inline bool fills_half_of_positions(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t positions = p.operation == Operation::convolution ? p.output_length() : p.length;
    return 2 * positions >= tile.positions;
}

/// Stride 1, enough filters for a block and enough positions for a vector.
inline bool suits_vectors_of_positions(const Problem &p, const Tile &tile) noexcept {
    return p.stride == 1 && fills_half(p, tile) && fills_half_of_positions(p, tile);
}

} // namespace conv1d::schedules
