#pragma once

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
#include "conv1d/problem.h"
#include "schedules/paired_taps.h"
#include "schedules/rows.h"
#include "schedules/scratch.h"
#include "schedules/tuned_tiles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

/// What a schedule says of a problem: why it does not suit it, as the end of a sentence, or `suits`.
namespace conv1d::schedules {

inline constexpr const char *suits = nullptr;
inline constexpr const char *not_stride_1 = "its stride is not 1";
inline constexpr const char *not_depthwise =
    "it is not depthwise: a group has more than one channel, or is the only one";

/// One channel a group. A layer of a single channel is not: it is dense.
constexpr bool is_depthwise(const Problem &p) noexcept {
    return p.channels_per_group() == 1 && p.groups > 1;
}

/// Of a transposed convolution by vectors of phases, which all have as many taps.
inline const char *unsuited_to_vectors_of_phases(const Problem &p) noexcept {
    return p.dilation != 1                      ? "its dilation is not 1"
           : p.filters_per_group() > 3          ? "its filters fill vectors themselves"
           : 2 * kernel_stride(p) < phase_block ? "its stride fills less than half of a vector"
           : p.taps % kernel_stride(p) != 0     ? "its taps are not a multiple of its stride"
                                                : suits;
}

/// Of a depthwise layer.
constexpr bool suits_vectors_of_groups(const Problem &p) noexcept {
    return p.groups >= 16; // fewer are gathered
}

/// There are positions (of a phase, if transposed) for less than half of a register tile.
inline const char *few_positions(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t positions = p.operation == Operation::convolution ? p.output_length() : p.length;
    return 2 * positions < tile.positions ? "the positions fill less than half of a register tile" : suits;
}

/// A depthwise convolution in `scb` order whose channels are gathered into vectors, rather than its positions
/// summed by vectors: measured for 32 to 512 channels, 1 to 31 taps with AVX-512, 5 to 31 with AVX2 (AMD
/// EPYC, 2026-11-27).
inline bool gathers_channels(const Problem &p) noexcept {
    return suits_vectors_of_groups(p) && (p.stride > 2 || p.output_length() <= 448);
}

/// Of depthwise convolution by vectors of the positions of one channel.
inline const char *unsuited_to_depthwise_positions(const Problem &p, const Tile &tile) noexcept {
    return !is_depthwise(p)      ? not_depthwise
           : gathers_channels(p) ? "vectors of its channels take less time than gathering its positions"
                                 : few_positions(p, tile);
}

/// Of depthwise convolution by vectors of channels that are copied first.
inline const char *unsuited_to_copies_of_channels(const Problem &p, const Tile &tile) noexcept {
    if (!is_depthwise(p))
        return not_depthwise;
    if (!suits_vectors_of_groups(p))
        return "it has fewer than 16 groups";
    if (p.order == MemoryOrder::scb)
        return gathers_channels(p) ? suits
                                   : "vectors of positions take less time than gathering its channels";
    const auto real = [](std::int64_t n) { return static_cast<double>(n); };
    const double positions = tile.positions * tile.copied, reach = real(p.taps - 1) * real(p.dilation);
    return 5 * (positions * real(p.stride) + reach) > positions * real(p.taps)
               ? "too few taps make up for a copy of the input"
               : suits;
}

/// Of depthwise convolution by register tiles of so many channels, which lie next to each other.
inline const char *unsuited_to_channels_in_place(const Problem &p, int channels) noexcept {
    return !is_depthwise(p)                         ? not_depthwise
           : p.filters_per_group() != 1             ? "it has several filters for each channel"
           : p.groups < channels                    ? "its channels do not fill a register tile"
           : p.input_activation != Activation::none ? "it activates its input first"
                                                    : suits;
}

/// The same: of what fills few tiles, and of what is worth a copy of the input. Measured for 32 to 5120
/// channels, 3 to 31 taps, dilations of 1 to 128, signals of 256 KB to 64 MB (AMD EPYC, 2026-11-28).
inline const char *better_by_single_vectors(const Problem &p, int channels) noexcept {
    const std::int64_t tiles = ceil_div(p.groups, std::int64_t{channels});
    const bool worth_a_copy = p.groups < 128 || p.taps > (p.dilation == 1 ? 15 : 9);
    return 4 * p.groups < 3 * tiles * channels
               ? "its channels fill less than three quarters of the register tiles"
           : worth_a_copy && unsuited_to_copies_of_channels(p, depthwise_taps_tile) == suits
               ? "so many taps, or so few channels, are worth a copy of the input"
               : suits;
}

/// The samples of a position are some part of a page, and the signal is larger than the caches.
inline bool reads_parts_of_pages(const Problem &p) noexcept {
    const std::int64_t row = p.groups * static_cast<std::int64_t>(element_size(p.element));
    return row >= 1024 && row < 4096 && p.bytes() > 32e6;
}

/// Of register tiles of many positions.
inline const char *fills_few_tiles(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t tiles = ceil_div(p.output_length(), tile.positions);
    return 4 * p.output_length() < 3 * tiles * tile.positions
               ? "the positions fill less than three quarters of the register tiles"
               : suits;
}

/// Of depthwise convolution by pairs of taps whose samples are so far apart.
inline const char *unsuited_to_pairs_of_taps(const Problem &p, const Tile &tile, int pair_samples) noexcept {
    const char *depthwise = unsuited_to_depthwise_positions(p, tile);
    return depthwise != suits                         ? depthwise
           : p.stride != 1                            ? not_stride_1
           : p.dilation > paired_dilations[1]         ? "its dilation is above 2"
           : (p.taps - 1) * p.dilation < pair_samples ? "no two of its taps are a vector apart"
                                                      : fills_few_tiles(p, tile);
}

/// Less than half of the filters of the register tiles would be asked for.
constexpr const char *few_filters(const Problem &p, const Tile &tile) noexcept {
    const std::int64_t blocks = (p.filters_per_group() + tile.filters - 1) / tile.filters;
    return 2 * p.filters_per_group() < blocks * tile.filters
               ? "the filters of a group fill less than half of the register tiles"
               : suits;
}

/// Vectors of positions want stride 1, filters for a block and positions for a vector.
inline const char *unsuited_to_vectors_of_positions(const Problem &p, const Tile &tile) noexcept {
    if (p.stride != 1)
        return not_stride_1;
    const char *filters = few_filters(p, tile);
    return filters != suits ? filters : few_positions(p, tile);
}

/// A sample of a copy for AVX2, in multiplications, an estimate: 5 cycles for a vector.
inline constexpr int avx2_to_copy = 10;

/// Copies of the input take less than a fifth of the time of the sums, or hold little that no position sees.
/// \param to_copy  a sample, in multiplications
inline bool copies_quickly(const Problem &p, const Tile &tile, int to_copy) noexcept {
    const auto real = [](std::int64_t n) { return static_cast<double>(n); };
    const double positions = tile.positions * tile.copied;
    const double samples = positions * real(p.stride), reach = real(p.taps - 1) * real(p.dilation);
    return reach < samples ||
           5 * to_copy * (samples + reach) < positions * real(p.taps) * real(p.filters_per_group());
}

/// A sample's activation, in multiplications, an estimate by the operations of its formula.
constexpr int to_activate(Activation activation) noexcept {
    return activation == Activation::relu || activation == Activation::leaky_relu ? 2 : 30;
}

/// One of several schedules for the same problems, which differ in their register tiles.
struct Contender {
    const Tile &tile;
    bool positions = false;             ///< its vectors are of positions: stride 1 if not transposed
    bool cbt = false;                   ///< takes that order
    InputCopy copy = InputCopy::always; ///< in rows: any stride but 1

    // What takes as long as so many multiplications by its vectors:
    int to_store = 0;      ///< an output that is not next to the others of its vector, in `scb` order
    int to_store_cbt = 0;  ///< an output of vectors of filters in `cbt` order
    double to_add = 1;     ///< a term in `scb` order
    double to_add_cbt = 1; ///< the same in the other orders
    int to_copy = 3;       ///< a sample, by vectors

    const char *rejection(const Problem &p) const noexcept {
        if (!positions) {
            // Nothing else takes few filters by vectors there.
            const bool alone = p.order != MemoryOrder::scb && p.stride > 1;
            return alone && 4 * p.filters_per_group() >= tile.filters ? suits : few_filters(p, tile);
        }
        if (copy == InputCopy::rows)
            return p.stride == 1 ? "its stride is 1" : few_filters(p, tile);
        const bool transposed = p.operation == Operation::transposed_convolution;
        if (p.stride != 1 && !transposed)
            return "its stride is not 1";
        if (copy == InputCopy::taps && (p.taps - 1) * p.dilation < tile.positions)
            return "its taps are close together";
        if (p.filters_per_group() < tile.filters && is_depthwise(p))
            return "the filters of a group do not fill a register tile";
        if (p.order == MemoryOrder::cbt &&
            p.taps * p.filters_per_group() < worth_transposing * (transposed ? p.stride : 1))
            return "too few operations make up for the transposed copy of the input";
        return few_filters(p, tile);
    }

    /// Multiplications of each input sample, from which on vectors of positions pay in `cbt` order.
    static constexpr int worth_transposing = 8;

    /// A convolution whose register tiles read most of the input where it lies.
    bool reads_in_place(const Problem &p) const noexcept {
        return copy == InputCopy::edges && p.order != MemoryOrder::scb;
    }

    /// A term whose sample is too far from the others for the second cache, an estimate.
    static constexpr double far_to_add = 1.3;

    /// What the taps of a convolution reach beyond the tiles of a copy takes more than the tiles may.
    bool reaches_far(const Problem &p) const noexcept {
        const auto real = [](std::int64_t n) { return static_cast<double>(n); };
        const double reach = real(p.taps - 1) * real(p.dilation) * real(p.channels_per_group());
        return p.operation == Operation::convolution && copy != InputCopy::taps && !reads_in_place(p) &&
               reach * static_cast<double>(element_size(p.element)) > real(tile.copied_bytes);
    }

    /// Multiplications, those that fill its tiles up and the time of its copies and stores included.
    double work(const Problem &p) const noexcept {
        const auto whole = [](std::int64_t n, std::int64_t of) {
            return static_cast<double>(ceil_div(n, of) * of);
        };
        const bool transposed = p.operation == Operation::transposed_convolution;
        const double terms = static_cast<double>(p.taps * p.channels_per_group()) /
                             static_cast<double>(transposed ? p.stride : 1);
        const bool transposes = positions && p.order == MemoryOrder::cbt; // input and output
        const int a_store = transposes ? 32 : p.order == MemoryOrder::cbt ? to_store_cbt : to_store;
        const double a_term =
            (p.order == MemoryOrder::scb ? to_add : to_add_cbt) * (reaches_far(p) ? far_to_add : 1);
        const double sums = whole(transposed ? p.length : p.output_length(), tile.positions) *
                            whole(p.filters_per_group(), tile.filters) * (a_term * terms + a_store);
        const double samples = static_cast<double>(p.length * p.channels_per_group());
        if (transposed)
            return sums + (transposes ? 8 * samples : 0);
        return sums + work_to_copy(p);
    }

    /// The same of the copies of a convolution.
    double work_to_copy(const Problem &p) const noexcept {
        const auto real = [](std::int64_t n) { return static_cast<double>(n); };
        const bool transposes = positions && p.order == MemoryOrder::cbt;
        const int a_sample = transposes ? 28 : to_copy, a_sample_alone = 24; // by vectors, one by one
        const double outputs = real(p.output_length()), channels = real(p.channels_per_group());
        if (copy == InputCopy::taps)
            return a_sample * channels * real(p.taps) * outputs;
        if (reads_in_place(p))
            return work_to_copy_tiles(p);
        const std::int64_t tiles = tiles_in_cache(p, tile, copy);
        const double copies = real(ceil_div(p.output_length(), tiles * tile.positions));
        const double samples = outputs * real(p.stride) + copies * real((p.taps - 1) * p.dilation);
        if (copy != InputCopy::rows)
            return a_sample * channels * samples;
        const int of_a_row = p.stride == 2 || p.stride == 4 ? a_sample : a_sample_alone;
        return channels * samples *
               (a_sample + of_a_row * real(row_count(p.taps, p.stride)) / real(p.stride));
    }

    /// The same of register tiles, each by itself and for each block of filters: those that see outside of
    /// the signal, or all of them if the input is activated first.
    double work_to_copy_tiles(const Problem &p) const noexcept {
        const auto real = [](std::int64_t n) { return static_cast<double>(n); };
        const double stride = tile.positions * real(p.stride);
        const double tiles = real(ceil_div(p.output_length(), tile.positions));
        const bool activates = p.input_activation != Activation::none;
        const double outside = std::ceil(real(p.left) / stride) + std::ceil(real(p.right) / stride);
        const bool zeros = p.padding_mode == PaddingMode::constant && p.padding_value == 0;
        const double copied =
            activates ? tiles : std::min(outside, zeros ? 2 : tiles); // taps of zeros are left out
        const double samples = stride + real(p.taps - 1) * real(p.dilation);
        return (to_copy + (activates ? to_activate(p.input_activation) : 0)) * samples *
               real(p.channels_per_group()) * real(ceil_div(p.filters_per_group(), tile.filters)) * copied;
    }

    bool takes(MemoryOrder order) const noexcept {
        return !positions || order == MemoryOrder::scb || (cbt && order == MemoryOrder::cbt);
    }
};

/// Nothing for the contender with the least work, or the first of those.
template <std::size_t count>
const char *yields(const Problem &p, const Contender (&contenders)[count], const Contender &own) noexcept {
    const double work = own.work(p);
    bool earlier = true;
    for (const Contender &other : contenders) {
        if (&other == &own)
            earlier = false;
        else if (other.takes(p.order) && other.rejection(p) == suits &&
                 (other.work(p) < work || (earlier && other.work(p) == work)))
            return "the register tiles of another schedule fit its sizes better";
    }
    return suits;
}

// To add: a weight that is broadcast for a single vector of positions is one of its loads, and for four of
// them a quarter of the FMAs loads a vector that crosses cache lines; broadcasts of samples whose channels
// lie apart miss the first cache. In `cbt` order and with the stores there: loads, of which tiles of fewer
// filters have more for each FMA, and shorter runs of stores. With these the schedule that is chosen
// takes 1.01 times as long as the fastest (geometric mean of 160 layers and orders, transposed ones included,
// Intel Xeon, 2026-11-28).
inline constexpr Contender avx512_convolutions[] = {
    {.tile = avx512_positions_tile, .positions = true},
    {.tile = avx512_filters_tile, .cbt = true, .to_store = 24, .to_add = 1.2},
    {.tile = avx512_wide_positions_tile, .positions = true, .cbt = true, .to_add = 1.12, .to_add_cbt = 1.1},
    {.tile = avx512_few_filters_tile,
     .cbt = true,
     .copy = InputCopy::edges,
     .to_store = 24,
     .to_store_cbt = 6,
     .to_add = 1.3,
     .to_add_cbt = 1.1},
    {.tile = avx512_rows_tile, .positions = true, .copy = InputCopy::rows, .to_add = 1.02},
    {.tile = avx512_wide_rows_tile, .positions = true, .copy = InputCopy::rows, .to_add = 1.12},
    {.tile = avx512_pair_filters_tile,
     .cbt = true,
     .copy = InputCopy::edges,
     .to_store = 24,
     .to_store_cbt = 2,
     .to_add = 1.15,
     .to_add_cbt = 1.04},
    {.tile = avx512_narrow_positions_tile, .positions = true, .to_add = 1.08},
    {.tile = avx512_far_positions_tile, .positions = true, .copy = InputCopy::taps, .to_add = 1.05},
    {.tile = avx512_quad_filters_tile,
     .cbt = true,
     .copy = InputCopy::edges,
     .to_store = 24,
     .to_store_cbt = 2,
     .to_add = 1.12,
     .to_add_cbt = 0.96},
    {.tile = avx512_triple_positions_tile, .positions = true},
    {.tile = avx512_triple_rows_tile, .positions = true, .copy = InputCopy::rows}};
inline constexpr Contender avx512_transposed[] = {
    {.tile = avx512_phases_tile, .cbt = true, .to_store = 24},
    {.tile = avx512_few_phases_tile, .cbt = true, .to_store = 28, .to_store_cbt = 4},
    {.tile = avx512_phase_positions_tile, .positions = true, .cbt = true, .to_store = 80},
    {.tile = avx512_pair_phases_tile, .cbt = true, .to_store = 26},
    {.tile = avx512_quad_phases_tile, .cbt = true, .to_store = 26, .to_add = 0.97, .to_add_cbt = 0.97}};
inline constexpr Contender avx2_convolutions[] = {
    {.tile = avx2_positions_tile, .positions = true, .to_copy = avx2_to_copy},
    {.tile = avx2_wide_positions_tile, .positions = true, .cbt = true, .to_copy = avx2_to_copy},
    {.tile = avx2_rows_tile, .positions = true, .copy = InputCopy::rows, .to_copy = avx2_to_copy},
    {.tile = avx2_wide_rows_tile,
     .positions = true,
     .copy = InputCopy::rows,
     .to_add = 1.06,
     .to_copy = avx2_to_copy},
    {.tile = avx2_filters_tile,
     .cbt = true,
     .to_store = 30,
     .to_store_cbt = 30,
     .to_add = 1.05,
     .to_copy = avx2_to_copy},
    {.tile = avx2_far_positions_tile, .positions = true, .copy = InputCopy::taps, .to_copy = avx2_to_copy},
    {.tile = avx2_wide_filters_tile,
     .cbt = true,
     .to_store = 30,
     .to_store_cbt = 30,
     .to_add = 1.1,
     .to_copy = avx2_to_copy}};
inline constexpr Contender avx2_transposed[] = {
    {.tile = avx2_phases_tile, .cbt = true, .to_store = 36},
    {.tile = avx2_phase_positions_tile, .positions = true, .cbt = true, .to_store = 90}};

/// Less than a quarter of the filters of a register tile would be asked for.
constexpr const char *few_gradient_filters(const Problem &p, const GradientTile &tile) noexcept {
    return 4 * p.filters_per_group() < tile.filters
               ? "the filters of a group fill less than a quarter of a register tile"
               : suits;
}

} // namespace conv1d::schedules
