#pragma once

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
#include "conv1d/problem.h"
#include "schedules/minimal_filter.h"
#include "schedules/rows.h"
#include "schedules/tuned_tiles.h"

#include <algorithm>
#include <cstddef>

namespace conv1d::schedules {

/// Most lanes of any vector that the copy of a tile is rounded up to, and slack of Halide's allocations, in
/// floats.
inline constexpr std::int64_t widest_vector = 16;

/// Bytes of a cache line, and channels from which a copy with channels innermost pads them to an odd number
/// of lines.
inline constexpr int cache_line = 64;
inline constexpr int channels_to_pad = 64;

/// Register tiles that one copy is made for at most, so that it stays in the second cache. What taps reach
/// beyond the tiles does not count.
inline std::int64_t tiles_in_cache(const Problem &p, const Tile &tile, InputCopy copy) noexcept {
    const std::int64_t stride = p.operation == Operation::convolution ? kernel_stride(p) : 1;
    const std::int64_t samples = copy == InputCopy::taps ? p.taps : stride; // of a position
    const auto real = [](auto number) { return static_cast<double>(number); };
    const double bytes = real(samples) * real(p.channels_per_group()) * real(element_size(p.element));
    const double of_tile = real(tile.positions) * bytes, most = real(tile.copied_bytes);
    if (real(tile.copied) * of_tile <= most)
        return tile.copied; // without a division, in every call
    return static_cast<std::int64_t>(std::max(most / of_tile, 1.0));
}

/// Positions that register tiles share: of the output, if transposed of one of its phases.
inline std::int64_t tiled_positions(const Problem &p) noexcept {
    const std::int64_t length = p.output_length();
    return p.operation == Operation::convolution ? length
                                                 : positions_of_phases(length, p.left, kernel_stride(p));
}

/// Register tiles of a copy, no more than the output has.
inline std::int64_t copied_tiles(const Problem &p, const Tile &tile, InputCopy copy) noexcept {
    const std::int64_t tiles = ceil_div(tiled_positions(p), tile.positions);
    return std::clamp<std::int64_t>(tiles, 1, tiles_in_cache(p, tile, copy));
}

/// Input samples that one copy holds, for one channel: of whole register tiles.
inline std::int64_t copied_samples(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t positions = copied_tiles(p, tile, InputCopy::always) * tile.positions;
    if (p.operation == Operation::transposed_convolution)
        return positions + transposed_reach(p.taps, kernel_stride(p), p.dilation);
    return (positions - 1) * kernel_stride(p) + effective_filter_size(p.taps, p.dilation);
}

/// Bytes of a copy of so many samples: every channel of a group, each rounded up to whole vectors.
inline std::size_t copy_bytes(const Problem &p, std::int64_t copied) noexcept {
    const std::int64_t samples = ceil_div(copied, widest_vector) * widest_vector;
    const std::int64_t channels = p.channels_per_group();
    const bool padded = p.order != MemoryOrder::scb && channels >= channels_to_pad;
    return static_cast<std::size_t>(samples * (channels + (padded ? 2 * widest_vector : 0)) +
                                    2 * widest_vector) *
           element_size(p.element);
}

/// Bytes of the table that says what each padded position repeats.
constexpr std::size_t outside_bytes(const Problem &p) noexcept {
    const std::int64_t entries = p.operation == Operation::convolution ? p.left + p.right : 0;
    return static_cast<std::size_t>(ceil_div(entries + 1, 2 * widest_vector) * 2 * widest_vector) *
           sizeof(std::int32_t);
}

/// Bytes of the table that says where each tap's row begins.
constexpr std::size_t tap_row_bytes(const Problem &p) noexcept {
    return static_cast<std::size_t>(3 * ceil_div(p.taps + 1, 2 * widest_vector) * 2 * widest_vector) *
           sizeof(std::int32_t);
}

/// Bytes of the tables that a call begins its scratch with, of integers.
constexpr std::size_t table_bytes(const Problem &p, InputCopy copy) noexcept {
    return (p.padding_mode == PaddingMode::constant ? 0 : outside_bytes(p)) +
           (copy == InputCopy::rows ? tap_row_bytes(p) : 0);
}

/// All scratch of a schedule that copies its input by such tiles.
inline std::size_t scratch_bytes(const Problem &p, const Tile &tile) noexcept {
    return outside_bytes(p) + copy_bytes(p, copied_samples(p, tile));
}

/// Of what a register tile is told of itself: which taps it sees, and whether its input is copied.
inline constexpr std::size_t told_bytes = 3 * 2 * cache_line;

/// The same of schedules with InputCopy::edges.
inline std::size_t scratch_bytes_of_edges(const Problem &p, const Tile &tile) noexcept {
    return outside_bytes(p) + told_bytes + copy_bytes(p, copied_samples(p, tile));
}

/// The same of vectors of groups.
inline std::size_t scratch_bytes_of_groups(const Problem &p, const Tile &tile) noexcept {
    return outside_bytes(p) + told_bytes +
           static_cast<std::size_t>((copied_samples(p, tile) + 2) * widest_vector) * element_size(p.element);
}

/// The same without InputCopy::edges, and of copies of the weights.
inline std::size_t scratch_bytes_of_depthwise_taps(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t weights = (p.taps * p.filters_per_group() + 2) * widest_vector;
    return scratch_bytes_of_groups(p, tile) + static_cast<std::size_t>(weights) * element_size(p.element);
}

/// The same with InputCopy::taps: what each of them sees.
inline std::size_t scratch_bytes_of_taps(const Problem &p, const Tile &tile) noexcept {
    return outside_bytes(p) + static_cast<std::size_t>(p.taps) *
                                  copy_bytes(p, copied_tiles(p, tile, InputCopy::taps) * tile.positions);
}

/// The same with InputCopy::rows: the rows, a piece of the padded signal that they are taken from, and where
/// each tap begins.
inline std::size_t scratch_bytes_in_rows(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t stride = kernel_stride(p);
    const std::int64_t places =
        copied_tiles(p, tile, InputCopy::rows) * tile.positions + rows_reach(p.taps, stride, p.dilation);
    const std::int64_t whole = (ceil_div(places, widest_vector) + 1) * widest_vector;
    const std::int64_t rows = whole * row_count(p.taps, stride) * p.channels_per_group();
    const std::int64_t piece = (whole + 1) * stride + 3 * widest_vector;
    return outside_bytes(p) + tap_row_bytes(p) +
           static_cast<std::size_t>(rows + piece + 4 * widest_vector) * element_size(p.element);
}

/// Register tiles of one copy of minimal filtering.
inline std::int64_t minimal_copied_tiles(const Problem &p, const Tile &tile) noexcept {
    return std::clamp<std::int64_t>(most_copied_tiles(tile.positions, p.channels_per_group()), 1,
                                    tile.copied);
}

/// Positions that it computes: of whole tiles, as many for each copy.
inline std::int64_t minimal_positions(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t of_tile = whole_positions(tile.positions, p.dilation);
    const std::int64_t tiles = ceil_div(p.output_length(), of_tile);
    const std::int64_t copies = ceil_div(tiles, minimal_copied_tiles(p, tile));
    return copies * ceil_div(tiles, copies) * of_tile;
}

/// The same of minimal filtering: combined samples of all channels, what they are combined from of one, and
/// of one tile the products and two copies of the sums.
inline std::size_t scratch_bytes_of_minimal_filtering(const Problem &p, const Tile &tile) noexcept {
    constexpr std::int64_t outputs = MinimalFilter::outputs, points = MinimalFilter::points;
    const std::int64_t reach = MinimalFilter::parts(p.taps) * p.dilation;
    const std::int64_t tile_places = tile.positions / outputs;
    const std::int64_t places =
        tile_places * minimal_copied_tiles(p, tile) + reach + most_minimal_dilation + 2 * widest_vector;
    const std::int64_t combined = points * places * p.channels_per_group();
    const std::int64_t rows = 2 * outputs * (places + p.dilation + widest_vector);
    const std::int64_t beyond = outputs * most_minimal_dilation;
    const std::int64_t of_tile =
        tile.filters * ((points + outputs) * (tile_places + widest_vector) + 2 * (tile.positions + beyond));
    const std::int64_t more_outside =
        2 * (outputs * p.dilation + widest_vector); // seen by taps that are zeros
    return outside_bytes(p) + static_cast<std::size_t>(more_outside) * sizeof(std::int32_t) +
           static_cast<std::size_t>(combined + rows + of_tile + 8 * widest_vector) * element_size(p.element);
}

} // namespace conv1d::schedules
