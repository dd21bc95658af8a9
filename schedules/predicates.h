#pragma once

#include "conv1d/problem.h"
#include "schedules/tuned_tiles.h"

namespace conv1d::schedules {

/// True when at least half of each register tile's work is asked for.
constexpr bool fills_half(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t blocks = (p.filters_per_group() + tile.filters - 1) / tile.filters;
    return 2 * p.filters_per_group() >= blocks * tile.filters;
}

/// Stride 1, enough filters for a block and enough positions for a vector.
inline bool suits_vectors_of_positions(const Problem &p, const Tile &tile) noexcept {
    return p.stride == 1 && fills_half(p, tile) && 2 * p.output_length() >= tile.positions;
}

} // namespace conv1d::schedules
