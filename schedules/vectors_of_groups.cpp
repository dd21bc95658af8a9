#include "schedules/families.h"

#include "schedules/paired_taps.h"

namespace conv1d::schedules {

using Halide::TailStrategy;

void convolve_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile,
                                const std::vector<Halide::VarOrRVar> &loops) {
    const Halide::Var copy("copy"), groups("groups"), lane("lane"), place("place"), in_place("in_place");
    std::vector<Halide::VarOrRVar> order{lane, in_place, s.pass};
    order.insert(order.end(), loops.begin(), loops.end());
    order.insert(order.end(), {copy, s.batch});
    const auto apply = [&](Halide::Stage output, TailStrategy tail) {
        output.split(s.group, groups, lane, choice.tile_groups(), tail)
            .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
            .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
            .reorder(order)
            .vectorize(lane, choice.lanes())
            .unroll(lane)
            .unroll(in_place)
            .unroll(s.pass)
            .never_partition(
                copy) // or all of the last copy, the only one of a short signal, has the code of tails
            .parallel(copy)
            .parallel(s.batch);
    };
    Halide::Stage output = s.output.update();
    apply(output.specialize(s.whole_vectors), TailStrategy::ShiftInwardsAndBlend);
    if (choice.schedule.input_copy == InputCopy::none) {
        output.specialize_fail("this schedule wants whole vectors of groups");
    } else {
        apply(output, TailStrategy::GuardWithIf);
    }
}

/// Vectors over groups, positions unrolled: of an update, whose other loops follow.
static void vectors_in_registers(Stages &s, const Choice &choice, Halide::Stage stage) {
    stage.vectorize(s.group, choice.lanes()).unroll(s.group).unroll(s.position);
}

/// The sums of a register tile, all but their updates.
static void keep_sums_in_registers(Stages &s, const Choice &choice, const Tile &tile) {
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.group, choice.tile_groups())
            .reorder_storage(s.group, s.position)
            .reorder(s.group, s.position);
        vectors_in_registers(s, choice, f);
    }
    activate(s, s.group, s.position, choice.lanes());
}

void sum_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile) {
    keep_sums_in_registers(s, choice, tile);
    int update = 0;
    if (choice.pairs_taps()) {
        Halide::Stage sum = s.accumulator.update(update++);
        sum.reorder(s.group, s.position, s.pairs.x, s.pairs.y, s.pairs.z).unroll(s.pairs.x);
        vectors_in_registers(s, choice, sum);
        for (int dilation : paired_dilations) // each sample is loaded once for both taps
            sum.specialize(s.dilation == dilation && s.stride == 1);
    }
    for (; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = s.taps_in_place.defined() && update == 1 ? s.taps_in_place : s.taps;
        Halide::Stage sum = s.accumulator.update(update);
        sum.reorder(s.group, s.position, taps.x, taps.y);
        vectors_in_registers(s, choice, sum);
    }
}

void vectors_of_groups_in_place(Stages &s, const Choice &choice, const Tile &tile) {
    const Halide::Var groups("groups"), place("place");
    convolve_vectors_of_groups(s, choice, tile, {groups, s.filter, place});
    find_outside(s, choice);
    for (Halide::Func f : {s.at_edge, s.inside_taps})
        f.compute_at(s.output, place).bound_extent(s.tile, 1);
    for (Halide::Func f : {s.accumulator, s.activated})
        f.compute_at(s.output, groups).bound_extent(s.tile, 1);
    keep_sums_in_registers(s, choice, tile);
    Halide::Stage inside = s.accumulator.update(0);
    inside.reorder(s.group, s.position, s.taps.x, s.taps.y);
    vectors_in_registers(s, choice, inside);
    int update = 1;
    for (const Halide::RDom &taps : {s.taps_inside, s.taps_outside}) {
        Halide::Stage sum = s.accumulator.update(update++);
        sum.reorder(s.group, taps.x, s.position, taps.y);
        vectors_in_registers(s, choice, sum);
    }
}

void copy_vector_of_groups(Stages &s, const Choice &choice, const Halide::LoopLevel &at,
                           const Halide::LoopLevel &memory) {
    find_outside(s, choice);
    s.staged.compute_at(at)
        .hoist_storage(memory)
        .reorder_storage(s.group, s.sample)
        .bound_extent(s.group, choice.lanes());
    for (int step = 0; step < copy_steps; step++)
        s.staged.update(step).reorder(s.group, s.sample, s.copy_once[step].x).vectorize(s.group);
    branch_by_activation(s.staged.update(copy_steps - 1), s.input_activation);
}

} // namespace conv1d::schedules
