#pragma once

#include "schedules/scratch.h"

/// How a weights' gradient is cut into tasks, which the problem alone says, and the memory that this takes.
/// The problem is the convolution whose weights it is; that of a transposed layer has input and output
/// exchanged.
namespace conv1d::schedules {

/// Blocks of filters that share one copy of the input.
inline constexpr int blocks_of_a_task = 4;
/// Tasks that are enough for the threads of any machine.
inline constexpr std::int64_t enough_tasks = 16;
/// Most sums of all slabs together, if there is more than one.
inline constexpr std::int64_t most_kept_sums = std::int64_t{1} << 20;

/// Input, and of vectors of groups the gradient too, is read as it lies.
constexpr bool gradient_in_place(MemoryOrder order, WeightOrder sums) noexcept {
    return order == MemoryOrder::cbt && sums != WeightOrder::tap_inner;
}

/// Sums of the channels of one tap in tiles of their own.
/// \param channels  std::int64_t, or an expression in a generator; here and below
template <class Number>
Number channels_in_tiles(const Number &channels, int tile_sums) {
    return (channels + tile_sums - 1) / tile_sums * tile_sums;
}

/// They are not many more than those of all taps together.
template <class Number>
auto channels_fill_tiles(const Number &channels, int tile_sums) {
    return channels >= tile_sums && channels_in_tiles(channels, tile_sums) * 4 <= channels * 5;
}

inline std::int64_t gradient_blocks(const Problem &p, const Schedule &schedule) noexcept {
    return ceil_div(p.filters_per_group(), schedule.tile.filters);
}

/// Most observations of a chunk.
inline std::int64_t gradient_observations(const Problem &p, const Schedule &schedule) noexcept {
    const std::int64_t positions = p.output_length(), most = schedule.tile.positions;
    return std::min(std::max<std::int64_t>(most / positions, 1), p.batch);
}

/// Bound on the positions of a chunk of one observation: chunks are as even as they can be, and whole
/// vectors.
inline std::int64_t gradient_chunk_positions(const Problem &p, std::int64_t most) noexcept {
    const std::int64_t positions = p.output_length();
    const std::int64_t even = ceil_div(positions, ceil_div(positions, most));
    return ceil_div(even, widest_vector) * widest_vector;
}

/// No more than there are.
inline std::int64_t gradient_chunks(const Problem &p, const Schedule &schedule) noexcept {
    return ceil_div(p.output_length(), schedule.tile.positions) *
           ceil_div(p.batch, gradient_observations(p, schedule));
}

/// Slabs of chunks, each with sums of its own. \return at least 1, at most as many as there are chunks
inline std::int64_t gradient_slabs(const Problem &p, const Schedule &schedule) noexcept {
    const std::int64_t tasks = schedule.weight_order == WeightOrder::channel_inner
                                   ? p.groups * ceil_div(gradient_blocks(p, schedule), blocks_of_a_task)
                                   : 1; // only vectors of filters have tasks besides the slabs
    const std::int64_t weights = p.taps * p.channels_per_group() * p.filters;
    return std::min({ceil_div(enough_tasks, tasks), gradient_chunks(p, schedule),
                     std::max<std::int64_t>(most_kept_sums / weights, 1)});
}

/// Bytes of the tables that a call begins its scratch with, of integers, by any schedule: 2 for each sum and
/// 4 for each tile, which has 4 sums at least, of at most 5/4 as many sums as there are pairs
/// (channels_fill_tiles()); counted as 4 for each pair.
inline std::size_t gradient_table_bytes(const Problem &p) noexcept {
    const std::int64_t sums = p.taps * p.channels_per_group() + 2 * most_gradient_sums;
    return outside_bytes(p) +
           static_cast<std::size_t>(2 * (2 * sums + 8 * widest_vector)) * sizeof(std::int32_t);
}

/// Scratch of one call, whoever takes it.
inline std::size_t gradient_scratch_bytes(const Problem &p, const Schedule &schedule,
                                          const GradientTile &tile) noexcept {
    const bool vectors_of_groups = schedule.weight_order == WeightOrder::group_inner;
    const std::int64_t group_lanes = vectors_of_groups ? schedule.group_vectors * widest_vector : 1;
    const std::int64_t channels = p.channels_per_group();
    const bool in_place = gradient_in_place(p.order, schedule.weight_order);
    const std::int64_t each = in_place && channels_fill_tiles(channels, tile.sums)
                                  ? channels_in_tiles(channels, tile.sums)
                                  : channels;
    const std::int64_t sums = (ceil_div(p.taps * each, tile.sums) + 1) * tile.sums;
    const std::int64_t kept = sums * gradient_blocks(p, schedule) * tile.filters *
                              (ceil_div(p.groups, group_lanes) * group_lanes) *
                              (gradient_slabs(p, schedule) + 1);
    const std::int64_t observations = gradient_observations(p, schedule), step = kernel_stride(p);
    const std::int64_t chunk = gradient_chunk_positions(p, tile.positions);
    const std::int64_t positions =
        std::min(observations * chunk, std::max<std::int64_t>(tile.positions, chunk));
    const std::int64_t samples =
        (positions + widest_vector) * step +
        observations * (effective_filter_size(p.taps, p.dilation) + step + 2 * widest_vector);
    const std::int64_t copied = // in place: of edges only, and only a gradient of filters
        in_place ? positions * tile.sums * group_lanes +
                       (vectors_of_groups ? 0 : (positions + widest_vector) * tile.filters)
                 : samples * channels + (positions + widest_vector) * tile.filters;
    constexpr std::int64_t slack = 32 * widest_vector; // each block is rounded up
    return gradient_table_bytes(p) +
           static_cast<std::size_t>(kept + copied + slack) * element_size(p.element);
}

} // namespace conv1d::schedules
