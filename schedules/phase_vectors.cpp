#include "schedules/families.h"

namespace conv1d::schedules {

using Halide::RVar;
using Halide::TailStrategy;

/// Positions whose samples are addressed by as many registers.
static constexpr int few_rows = 8;

void vectors_of_phases(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes();
    RVar copy("copy"), place("place");
    const RVar lane = s.places.x, in_place = s.places.y, block = s.places.w;
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.places[4], copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(lane, in_place, s.pass, block, place, s.filter, copy, s.group, s.batch)
        .vectorize(lane, lanes)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    if (tile.positions <= few_rows) { // samples are broadcast wherever they lie, channels next to each other
        copy_input(s, choice, {s.output, copy});
    } else {
        copy_input_by_samples(s, choice, {s.output, copy});
    }
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.compute_at(s.output, block)
            .bound_extent(s.block, 1)
            .bound_extent(s.filter_in_block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.phase, phase_block)
            .reorder_storage(s.phase, s.position)
            .reorder(s.phase, s.position)
            .vectorize(s.phase, lanes)
            .unroll(s.phase)
            .unroll(s.position);
    }
    activate(s, s.phase, s.position, lanes);
    s.accumulator.update()
        .reorder(s.phase, s.position, s.taps.x, s.taps.y)
        .vectorize(s.phase, lanes)
        .unroll(s.phase)
        .unroll(s.position);
}

} // namespace conv1d::schedules
