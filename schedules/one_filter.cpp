#include "schedules/families.h"

#include "schedules/paired_taps.h"

namespace conv1d::schedules {
namespace {

using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

/// The first update of the sums.
void sum_pairs_of_taps(Stages &s, const Choice &choice) {
    Halide::Stage sum = s.accumulator.update();
    sum.reorder(s.position, s.pairs.x, s.pairs.y, s.pairs.z)
        .vectorize(s.position, choice.lanes())
        .unroll(s.position)
        .unroll(s.pairs.x);
    for (int dilation : paired_dilations) // each vector is loaded once for both taps
        sum.specialize(s.stride == 1 && s.dilation == dilation);
    sum.specialize_fail("paired taps want stride 1 and a dilation of 1 or 2");
}

/// The update of the sums over `taps`, from the copy or in place.
Halide::Stage sum_taps(Stages &s, const Choice &choice, int update, const Halide::RDom &taps) {
    Halide::Stage sum = s.accumulator.update(update);
    sum.reorder(s.position, taps.x, taps.y).vectorize(s.position, choice.lanes()).unroll(s.position);
    if (choice.operation == Operation::convolution)
        sum.specialize(s.stride == 1); // whole vectors instead of a load a lane
    return sum;
}

void sum_positions(Stages &s, const Choice &choice, const Tile &tile) {
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .vectorize(s.position, choice.lanes())
            .unroll(s.position);
    }
    activate(s, s.position, s.filter_in_block, choice.lanes());
    if (choice.copies_edges_only()) {
        sum_taps(s, choice, 0, s.taps).specialize_fail("vectors in place want stride 1");
        sum_taps(s, choice, 1, s.taps_in_place).specialize_fail("vectors in place want stride 1");
    } else if (choice.pairs_taps()) {
        sum_taps(s, choice, 1, s.taps).specialize_fail("paired taps want stride 1");
        sum_pairs_of_taps(s, choice);
    } else {
        Halide::Stage sum = sum_taps(s, choice, 0, s.taps);
        if (choice.operation == Operation::convolution)
            sum.specialize(s.stride == 2);
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
    copy_input_of_tiles(s, choice, copy_input_by_samples, place, copy);
    s.seen_taps.compute_at(s.output, place);
    s.accumulator.compute_at(s.output, place);
    s.activated.compute_at(s.output, place);
    sum_positions(s, choice, tile);
}

void transpose_one_filter(Stages &s, const Choice &choice, const Tile &tile) {
    const RVar tile_of_copy = s.places.z, phase = s.places.w, copy = s.places[4];
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .reorder(s.places.x, s.pass, tile_of_copy, phase, s.filter, copy, s.group, s.batch)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    copy_input_by_samples(s, choice, {s.output, copy});
    s.phase_start.compute_at(s.output, phase);
    s.accumulator.compute_at(s.output, tile_of_copy);
    s.activated.compute_at(s.output, tile_of_copy);
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
