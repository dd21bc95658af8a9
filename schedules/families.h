#pragma once

// Directives that several targets' schedules share; the tile and the target differ.
#include "schedules/stages.h"
#include "schedules/tuned_tiles.h"

namespace conv1d::schedules {

/// Convolution of stride 1. Registers hold vectors of positions for each filter of a block; the
/// weights are broadcast. The input of `tile.copied` tiles is copied densely first, or what each tap sees of
/// it.
void vectors_of_positions(Stages &s, const Choice &choice, const Tile &tile);

/// Convolution of any stride and dilation. As vectors_of_positions(), but the copy is in rows
/// (schedules/rows.h).
void vectors_of_positions_in_rows(Stages &s, const Choice &choice, const Tile &tile);

/// Convolution of stride 1 by minimal filtering. Registers hold vectors of places for each filter of a block
/// and one point after the other; the combined weights are broadcast. The input of `tile.copied` tiles is
/// combined first.
void minimal_filtering(Stages &s, const Choice &choice, const Tile &tile);

/// Convolution of any stride, every memory order. Registers hold vectors of filters for each position; the
/// input is broadcast.
void vectors_of_filters(Stages &s, const Choice &choice, const Tile &tile);

/// Transposed convolution, every memory order: for each phase of the stride, vectors of filters for each
/// position.
void vectors_of_filters_by_phase(Stages &s, const Choice &choice, const Tile &tile);

/// Transposed convolution: for each phase of the stride, vectors of positions for each filter of
/// a block.
void vectors_of_positions_by_phase(Stages &s, const Choice &choice, const Tile &tile);

/// Transposed convolution without dilation, every memory order, one filter at a time: registers hold vectors
/// of phases for each position; the input is broadcast.
void vectors_of_phases(Stages &s, const Choice &choice, const Tile &tile);

/// Both operations, every memory order, one filter at a time: registers hold vectors of positions, the weight
/// is broadcast.
void one_filter_of_positions(Stages &s, const Choice &choice, const Tile &tile);

/// Depthwise convolution, every memory order: the output by vectors of groups. `loops` orders the loops over
/// "groups", the vectors, over filters and over "place", the register tiles, innermost first; "copy" is
/// around them.
void convolve_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile,
                                const std::vector<Halide::VarOrRVar> &loops);

/// The same of both operations: the sums of a register tile of positions by one vector of groups.
void sum_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile);

/// Depthwise convolution of one filter for each group, in `cbt` order. Registers hold several vectors of
/// groups for each position; no input is copied.
void vectors_of_groups_in_place(Stages &s, const Choice &choice, const Tile &tile);

/// Copies the input of one vector of groups where `at` says, those contiguous, to memory that is taken at
/// `memory`.
void copy_vector_of_groups(Stages &s, const Choice &choice, const Halide::LoopLevel &at,
                           const Halide::LoopLevel &memory);

/// Branches on what an activation is once for a whole loop nest, instead of choosing one value for each
/// element.
void branch_by_activation(Halide::Stage stage, const Halide::Expr &activation);

/// Applies the activation to the sums of a tile, a vector of `lanes` along `vector` at a time.
void activate(Stages &s, const Halide::Var &vector, const Halide::Var &rows, int lanes);

/// Works out once a call what each padded position repeats; nothing at all for constant padding.
void find_outside(Stages &s, const Choice &choice);

/// Copies the input of one tile where `at` says, in the order of memory.
void copy_input(Stages &s, const Choice &choice, const Halide::LoopLevel &at);

/// The same with samples contiguous whatever the order of memory.
void copy_input_by_samples(Stages &s, const Choice &choice, const Halide::LoopLevel &at);

using CopyInput = void (*)(Stages &, const Choice &, const Halide::LoopLevel &);

/// Copies the input of a convolution so: what all register tiles in the loop over `tile` see, at once at
/// `copy`; with copies_edges_only() of each one that sees outside of the signal.
void copy_input_of_tiles(Stages &s, const Choice &choice, CopyInput copy_input, const Halide::Var &tile,
                         const Halide::Var &copy);

} // namespace conv1d::schedules
