#pragma once

#include "conv1d/kernel.h"
#include "schedules/scratch.h"

#include <Halide.h>

#include <array>

namespace conv1d::schedules {

/// Updates of `staged`: the signal, what stands on its left, on its right, the input activation.
inline constexpr int copy_steps = 4;

/// The handles that an algorithm offers to its schedule, and nothing else. Dimensions fastest first.
struct Stages {
    Halide::Func activated_input; ///< (sample, channel, group, batch): GPU only, where no tile is copied
    Halide::Func outside;         ///< (sample): convolution only: which input sample each padded one repeats
    Halide::Func staged; ///< (sample, channel, group, batch): the padded input, copied a tile at a time; with
                         ///< copies_edges_only() (.., tile), with InputCopy::taps (.., tap)
    Halide::Func rows;   ///< (place, row, channel, group, batch), InputCopy::rows only: the copy in rows;
                         ///< minimal filtering: (place, phase, channel, copy, group, batch), the samples of a
                         ///< place's outputs
    Halide::Func combined;   ///< (place, point, channel, copy, group, batch), minimal filtering only: sums of
                             ///< samples
    Halide::Func products;   ///< (place, point, filter_in_block, tile, copy, block, group, batch), minimal
                             ///< filtering only: products summed over channels
    Halide::Func place_sums; ///< (place, phase, filter_in_block, tile, copy, block, group, batch), minimal
                             ///< filtering only: the sums of a place's outputs
    Halide::Func tap_row;    ///< (tap), InputCopy::rows only: place and row where it begins; the remainder of
                             ///< its distance by the stride
    Halide::Func at_edge;    ///< (tile), copies_edges_only(): 1 if this register tile's input is copied;
                             ///< InputCopy::none: if it sees outside of the signal
    Halide::Func seen_taps;  ///< (tile), convolution only: the first tap that is not of zeros for a register
                             ///< tile of positions, and one past the last; Choice::pairs_taps(): then the
                             ///< same of those that are not in a pair
    Halide::Func inside_taps;  ///< (position, tile), InputCopy::none only: the first tap that sees the signal
                               ///< for a position of a tile at an edge, and one past the last
    Halide::Func near_weights; ///< (group, tap, filter_in_block, block), copies of vectors of groups only:
                               ///< the weights of one vector, tap after tap
    Halide::Func fetched;      ///< Choice::fetches_lines() only: as accumulator, but of whole lines along its
                          ///< vectors: no value, but the line that they will be written over is asked for
    Halide::Func fetched_input; ///< (tile, [phase,] block, group, batch), Choice::fetches_input() only: no
                                ///< value, but a part of what the next copy is made from is asked for; to be
                                ///< computed once for a register tile, not with its sums
    Halide::Func
        phase_start; ///< (phase), transposed only: where a phase writes, and how far back its taps begin
    Halide::Func accumulator; ///< (position, [phase,] filter_in_block, block, group, batch): bias, then sums
                              ///< of `taps`; InputCopy::none: (position in tile, filter_in_block, block,
                              ///< group, batch, tile); minimal filtering: (position, filter_in_block, tile,
                              ///< copy, block, group, batch), the sums of places put in order
    Halide::Func activated;   ///< as accumulator: a copy, then its activation; only used if there is one
    Halide::Func output;      ///< (position, filter, group, batch); transposed and minimal filtering: its
                              ///< update runs over `places`

    Halide::Var sample{"sample"}, channel{"channel"}, position{"position"}, phase{"phase"}, filter{"filter"},
        tile{"tile"}, place{"place"}, row{"row"}, tap{"tap"}, point{"point"}, copy{"copy"}, line{"line"};
    Halide::Var filter_in_block{"filter_in_block"}, block{"block"}, group{"group"}, batch{"batch"};

    std::array<Halide::RDom, copy_steps>
        copy_once; ///< of each step of `staged`; copies_edges_only(): the outermost loop, which is empty for
                   ///< a tile that is not copied
    Halide::RDom taps;  ///< x = tap (of the phase, if transposed), y = channel of the group; InputCopy::none:
                        ///< y is a loop around all positions, which is empty for a tile that has none of them
    Halide::RDom pairs; ///< Choice::pairs_taps() only: x = member of the pair, y = pair of the block, z =
                        ///< block
    Halide::RDom taps_in_place; ///< copies_edges_only(): the same, of the second update of the sums, for
                                ///< tiles whose input is not copied
    Halide::RDom taps_inside, taps_outside; ///< InputCopy::none only: the same, of the second and the third
                                            ///< update, for tiles at an edge: taps that see the signal and
                                            ///< that do not
    Halide::RDom runs, output_runs; ///< minimal filtering only: x = position in a run of the dilation, y =
                                    ///< run of a period, z = period: of a copy, of a tile
    Halide::RDom tile_places;       ///< minimal filtering only: of place_sums
    Halide::RDom outputs;           ///< minimal filtering only: x = output of a place, y = place of the tile
    Halide::RDom places; ///< minimal filtering: x = position in the tile, y = pass, z = tile, w = copy;
                         ///< transposed: x = position in the tile, y = pass, z = tile of the copy, w = phase,
                         ///< [4] = copy; with WeightOrder::phase_inner x = phase in the block, y = position
                         ///< in the tile, z = pass, w = tile of the copy, [4] = block of phases, [5] = copy
    Halide::RVar pass; ///< of the output's update: 0 = writes sums that are the result, 1 = what the epilogue
                       ///< makes of them
    Halide::Expr stride, dilation, channels, activation, input_activation;
    Halide::Expr copied_tiles;      ///< register tiles along the signal of one copy of the input
    Halide::Expr whole_vectors;     ///< there are groups for a vector, so that the last one can begin earlier
    Halide::Expr row_places;        ///< InputCopy::rows only: most places of a row that one copy sees
    Halide::Expr repeats;           ///< convolution only: what stands outside repeats samples
    Halide::Expr few_outside;       ///< convolution only: little stands outside of the signal
    Halide::Expr is_worth_fetching; ///< Choice::fetches_lines() only: the output
    Halide::Expr outside_is_near;   ///< convolution only: `outside` repeats nothing twice
};

/// Padded samples up to which they are filled in one by one: vectors walk over all of each copy, with masks.
inline constexpr int few_samples_outside = 512;

/// What a schedule is applied for.
struct Choice {
    const Schedule &schedule; ///< its row: tile, weight_order
    Operation operation;
    MemoryOrder order;
    Halide::Target target;
    Halide::Type element;

    int lanes() const { return target.natural_vector_size(element); }

    /// Of a cache line.
    int line_elements() const { return cache_line / element.bytes(); }

    /// WeightOrder::group_inner: groups of a register tile.
    int tile_groups() const { return lanes() * schedule.group_vectors; }

    bool fetches_lines() const { return conv1d::fetches_lines(schedule, order); }
    bool fetches_input() const { return conv1d::fetches_input(schedule, order); }

    /// Schedule::pair_samples. Without FMAs there are no registers for the products of both taps' samples.
    bool pairs_taps() const {
        const bool products = target.arch == Halide::Target::X86 && !target.has_feature(Halide::Target::FMA);
        return schedule.pair_samples != 0 && !products;
    }

    bool copies_edges_only() const {
        return operation == Operation::convolution && conv1d::copies_edges_only(schedule, order);
    }
};

/// The `how` of one row of the table. Only scheduling directives.
using Apply = void (*)(Stages &, const Choice &);

struct AppliedSchedule {
    const Schedule *schedule;
    Apply apply;
};

/// The row of that name. \throws std::invalid_argument naming it and listing those there are
const AppliedSchedule &find_schedule(const std::string &name);

} // namespace conv1d::schedules
