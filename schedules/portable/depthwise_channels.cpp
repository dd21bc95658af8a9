#include "schedules/portable/depthwise_channels.h"

#include "schedules/families.h"

namespace conv1d::schedules {
namespace {

using Halide::Func;
using Halide::RVar;
using Halide::Stage;
using Halide::TailStrategy;
using Halide::Var;

constexpr Tile tile = depthwise_channels_tile;
const Var groups("groups"), lane("lane");

/// Vectors of groups for each position.
void sum_vectors_of_groups(Stages &s, int lanes, int vectors) {
    for (Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.group, lanes * vectors)
            .reorder_storage(s.group, s.position)
            .reorder(s.group, s.position)
            .vectorize(s.group, lanes)
            .unroll(s.group)
            .unroll(s.position);
    }
    activate(s, s.group, s.position, lanes);
    for (int update = 0; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = update == 0 ? s.taps : s.taps_in_place;
        s.accumulator.update(update)
            .reorder(s.group, s.position, taps.x, taps.y)
            .vectorize(s.group, lanes)
            .unroll(s.group)
            .unroll(s.position);
    }
}

/// Copies the tile with channels contiguous.
void copy_groups(Stages &s, const Choice &choice, const Halide::LoopLevel &at) {
    find_outside(s, choice);
    s.staged.compute_at(at).reorder_storage(s.group, s.sample).bound_extent(s.group, group_block);
    for (int step = 0; step < copy_steps; step++)
        s.staged.update(step).reorder(s.group, s.sample).vectorize(s.group, choice.lanes());
    branch_by_activation(s.staged.update(copy_steps - 1), s.input_activation);
}

/// Splits the groups: blocks of `group_block`, in them vectors, in them lanes.
Stage split_groups(Stages &s, int lanes) {
    return s.output.update()
        .split(s.group, s.group, groups, group_block, TailStrategy::GuardWithIf)
        .split(groups, groups, lane, lanes, TailStrategy::GuardWithIf);
}

constexpr int vectors = 1; // of a register tile

void apply_convolution(Stages &s, const Choice &choice) {
    const Var copy("copy"), place("place"), in_place("in_place"), vector("vector");
    Stage output = split_groups(s, choice.lanes() * vectors);
    output.split(lane, vector, lane, choice.lanes())
        .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, tile.copied, TailStrategy::GuardWithIf)
        .reorder(lane, vector, in_place, s.pass, groups, s.filter, s.group, place, copy, s.batch)
        .vectorize(lane)
        .unroll(vector)
        .unroll(in_place)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
    copy_groups(s, choice, {s.output, s.group});
    s.seen_taps.compute_at(s.output, place);
    s.copies.compute_at(s.output, place);
    s.accumulator.compute_at(s.output, groups);
    s.activated.compute_at(s.output, groups);
    sum_vectors_of_groups(s, choice.lanes(), vectors);
    output.specialize(s.dense_groups);
}

void apply_transposed(Stages &s, const Choice &choice) {
    const RVar copy("copy"), place("place");
    Stage output = split_groups(s, choice.lanes());
    output
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.places.w, copy, place, tile.copied, TailStrategy::GuardWithIf)
        .reorder(lane, s.places.x, s.pass, s.places.z, place, groups, s.filter, s.group, copy, s.batch)
        .vectorize(lane)
        .unroll(s.places.x)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
    copy_groups(s, choice, {s.output, s.group});
    s.phase_start.compute_at(s.output, s.places.z);
    s.accumulator.compute_at(s.output, s.places.z);
    s.activated.compute_at(s.output, s.places.z);
    sum_vectors_of_groups(s, choice.lanes(), 1);
    output.specialize(s.dense_groups);
}

} // namespace

void apply_portable_depthwise_channels(Stages &s, const Choice &choice) {
    if (choice.operation == Operation::convolution) {
        apply_convolution(s, choice);
    } else {
        apply_transposed(s, choice);
    }
}

} // namespace conv1d::schedules
