#include "schedules/families.h"

namespace conv1d::schedules {
namespace {

using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

void sum_positions(Stages &s, const Choice &choice, const Tile &tile) {
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .vectorize(s.position, choice.lanes())
            .unroll(s.position);
    }
    activate(s, s.position, s.filter_in_block, choice.lanes());
    for (int update = 0; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = update == 0 ? s.taps : s.taps_in_place;
        Halide::Stage sum = s.accumulator.update(update);
        sum.reorder(s.position, taps.x, taps.y).vectorize(s.position, choice.lanes()).unroll(s.position);
        if (choice.operation == Operation::convolution) { // whole vectors instead of a load a lane
            sum.specialize(s.stride == 1);
            sum.specialize(s.stride == 2);
        }
    }
}

void convolve_one_filter(Stages &s, const Choice &choice, const Tile &tile) {
    Var copy("copy"), place("place"), lane("lane");
    s.output.update()
        .split(s.position, place, lane, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(lane, s.pass, place, s.filter, copy, s.group, s.batch)
        .vectorize(lane, choice.lanes(), TailStrategy::GuardWithIf)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    const bool edges = choice.schedule.input_copy == InputCopy::edges;
    copy_input_by_samples(s, choice, {s.output, edges ? place : copy});
    if (edges)
        s.copies.compute_at(s.output, place);
    s.seen_taps.compute_at(s.output, place);
    s.accumulator.compute_at(s.output, place);
    s.activated.compute_at(s.output, place);
    sum_positions(s, choice, tile);
}

void transpose_one_filter(Stages &s, const Choice &choice, const Tile &tile) {
    RVar copy("copy"), place("place");
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.places.w, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(s.places.x, s.pass, s.places.z, place, s.filter, copy, s.group, s.batch)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    copy_input_by_samples(s, choice, {s.output, copy});
    s.phase_start.compute_at(s.output, s.places.z);
    s.accumulator.compute_at(s.output, s.places.z);
    s.activated.compute_at(s.output, s.places.z);
    sum_positions(s, choice, tile);
}

} // namespace

void one_filter_of_positions(Stages &s, const Choice &choice, const Tile &tile) {
    if (choice.operation == Operation::convolution) {
        convolve_one_filter(s, choice, tile);
    } else {
        transpose_one_filter(s, choice, tile);
    }
}

} // namespace conv1d::schedules
