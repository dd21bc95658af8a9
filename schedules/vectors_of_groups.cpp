#include "schedules/families.h"

namespace conv1d::schedules {

using Halide::TailStrategy;

void convolve_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile,
                                const std::vector<Halide::VarOrRVar> &loops) {
    const Halide::Var copy("copy"), groups("groups"), lane("lane"), place("place"), in_place("in_place");
    std::vector<Halide::VarOrRVar> order{lane, in_place, s.pass};
    order.insert(order.end(), loops.begin(), loops.end());
    order.insert(order.end(), {copy, s.batch});
    const auto apply = [&](Halide::Stage output, TailStrategy tail) {
        output.split(s.group, groups, lane, choice.lanes(), tail)
            .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
            .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
            .reorder(order)
            .vectorize(lane)
            .unroll(in_place)
            .unroll(s.pass)
            .never_partition(
                copy) // or all of the last copy, the only one of a short signal, has the code of tails
            .parallel(copy)
            .parallel(s.batch);
    };
    Halide::Stage output = s.output.update();
    apply(output.specialize(s.whole_vectors), TailStrategy::ShiftInwardsAndBlend);
    apply(output, TailStrategy::GuardWithIf);
}

void sum_vectors_of_groups(Stages &s, const Choice &choice, const Tile &tile) {
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.group, choice.lanes())
            .reorder_storage(s.group, s.position)
            .reorder(s.group, s.position)
            .vectorize(s.group)
            .unroll(s.position);
    }
    activate(s, s.group, s.position, choice.lanes());
    for (int update = 0; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = update == 0 ? s.taps : s.taps_in_place;
        s.accumulator.update(update)
            .reorder(s.group, s.position, taps.x, taps.y)
            .vectorize(s.group)
            .unroll(s.position);
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
