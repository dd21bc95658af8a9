#pragma once

#include "conv1d/problem.h"
#include "schedules/tuned_tiles.h"

/// What a schedule says of a problem: why it does not suit it, as the end of a sentence, or `suits`.
namespace conv1d::schedules {

inline constexpr const char *suits = nullptr;
inline constexpr const char *not_depthwise =
    "it is not depthwise: a group has more than one channel, or is the only one";

/// One channel a group. A layer of a single channel is not: it is dense.
constexpr bool is_depthwise(const Problem &p) noexcept {
    return p.channels_per_group() == 1 && p.groups > 1;
}

/// Less than half of the filters of the register tiles would be asked for.
constexpr const char *few_filters(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t blocks = (p.filters_per_group() + tile.filters - 1) / tile.filters;
    return 2 * p.filters_per_group() < blocks * tile.filters
               ? "the filters of a group fill less than half of the register tiles"
               : suits;
}

/// There are positions (of a phase, if transposed) for less than half of a register tile.
inline const char *few_positions(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t positions = p.operation == Operation::convolution ? p.output_length() : p.length;
    return 2 * positions < tile.positions ? "the positions fill less than half of a register tile" : suits;
}

/// Vectors of positions want stride 1, filters for a block and positions for a vector.
inline const char *unsuited_to_vectors_of_positions(const Problem &p, const Tile &tile) noexcept {
    if (p.stride != 1)
        return "its stride is not 1";
    const char *filters = few_filters(p, tile);
    return filters != suits ? filters : few_positions(p, tile);
}

/// Less than a quarter of the filters of a register tile would be asked for.
constexpr const char *few_gradient_filters(const Problem &p, const GradientTile &tile) noexcept {
    return 4 * p.filters_per_group() < tile.filters
               ? "the filters of a group fill less than a quarter of a register tile"
               : suits;
}

} // namespace conv1d::schedules
