#include "schedules/families.h"

namespace conv1d::schedules {

using Halide::RVar;
using Halide::TailStrategy;

/// Positions whose samples are addressed by as many registers.
static constexpr int few_rows = 8;

void vectors_of_phases(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes();
    const RVar lane = s.places.x, in_place = s.places.y, tile_of_copy = s.places.w, block = s.places[4],
               copy = s.places[5];
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .reorder(lane, in_place, s.pass, tile_of_copy, block, s.filter, copy, s.group, s.batch)
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
        f.compute_at(s.output, tile_of_copy)
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
