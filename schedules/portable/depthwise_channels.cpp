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
const Var groups("groups"), lane("lane"), place("place");

/// Vectors of groups for each position.
void sum_vectors_of_groups(Stages &s, int lanes) {
    for (Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.group, lanes)
            .reorder_storage(s.group, s.position)
            .reorder(s.group, s.position)
            .vectorize(s.group)
            .unroll(s.position);
    }
    activate(s, s.group, s.position, lanes);
    for (int update = 0; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = update == 0 ? s.taps : s.taps_in_place;
        s.accumulator.update(update)
            .reorder(s.group, s.position, taps.x, taps.y)
            .vectorize(s.group)
            .unroll(s.position);
    }
}

/// Copies the tile of one vector of groups, those contiguous. The memory is taken once for all vectors.
void copy_groups(Stages &s, const Choice &choice, const Halide::LoopLevel &copy) {
    find_outside(s, choice);
    s.staged.compute_at(s.output, groups)
        .hoist_storage(copy)
        .reorder_storage(s.group, s.sample)
        .bound_extent(s.group, choice.lanes());
    for (int step = 0; step < copy_steps; step++)
        s.staged.update(step).reorder(s.group, s.sample).vectorize(s.group);
    branch_by_activation(s.staged.update(copy_steps - 1), s.input_activation);
}

/// The directives of each specialisation of a convolution's output.
void convolve(Stages &s, Stage output, int lanes, TailStrategy tail) {
    const Var copy("copy"), in_place("in_place");
    output.split(s.group, groups, lane, lanes, tail)
        .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(lane, in_place, s.pass, groups, s.filter, place, copy, s.batch)
        .vectorize(lane)
        .unroll(in_place)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
}

/// The same, transposed.
void transpose(Stages &s, Stage output, int lanes, TailStrategy tail) {
    const RVar copy("copy"), tile_of_copy("place");
    output
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.group, groups, lane, lanes, tail)
        .split(s.places.w, copy, tile_of_copy, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(lane, s.places.x, s.pass, s.places.z, tile_of_copy, s.filter, groups, copy, s.batch)
        .vectorize(lane)
        .unroll(s.places.x)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
}

} // namespace

void apply_portable_depthwise_channels(Stages &s, const Choice &choice) {
    const int lanes = choice.lanes();
    Stage output = s.output.update(), whole = output.specialize(s.whole_vectors);
    if (choice.operation == Operation::convolution) {
        convolve(s, whole, lanes, TailStrategy::ShiftInwardsAndBlend);
        convolve(s, output, lanes, TailStrategy::GuardWithIf);
        copy_groups(s, choice, {s.output, Var("copy")});
        s.seen_taps.compute_at(s.output, place);
        s.copies.compute_at(s.output, place);
        s.accumulator.compute_at(s.output, groups);
        s.activated.compute_at(s.output, groups);
    } else {
        transpose(s, whole, lanes, TailStrategy::ShiftInwardsAndBlend);
        transpose(s, output, lanes, TailStrategy::GuardWithIf);
        copy_groups(s, choice, {s.output, RVar("copy")});
        for (Func f : {s.phase_start, s.accumulator, s.activated})
            f.compute_at(s.output, s.places.z);
    }
    sum_vectors_of_groups(s, lanes);
}

} // namespace conv1d::schedules
