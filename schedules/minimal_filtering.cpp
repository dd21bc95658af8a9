#include "schedules/families.h"
#include "schedules/minimal_filter.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

using Halide::RVar;
using Halide::TailStrategy;

void minimal_filtering(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes(), places = tile.positions / MinimalFilter::outputs;
    RVar vector("vector"), lane("lane");
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.places.x, vector, lane, lanes, TailStrategy::GuardWithIf)
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .reorder(lane, vector, s.filter_in_block, s.pass, s.places.z, s.block, s.places.w, s.group, s.batch)
        .vectorize(lane)
        .unroll(s.pass)
        .never_partition(s.places.w)
        .parallel(s.places.w)
        .parallel(s.group)
        .parallel(s.batch);
    const Halide::LoopLevel at_copy(s.output, s.places.w), at_tile(s.output, s.places.z);

    s.combined.compute_at(at_copy)
        .bound_extent(s.point, MinimalFilter::points)
        .split(s.place, s.place, s.position, lanes, TailStrategy::RoundUp)
        .reorder(s.position, s.point, s.place, s.channel)
        .vectorize(s.position)
        .unroll(s.point);
    s.rows.compute_at(s.combined, s.channel)
        .bound_extent(s.phase, MinimalFilter::outputs)
        .split(s.place, s.place, s.position, lanes, TailStrategy::RoundUp)
        .reorder(s.position, s.phase, s.place)
        .vectorize(s.position)
        .unroll(s.phase);
    s.rows.specialize(s.dilation == 1); // whole vectors instead of a load a lane
    s.rows.update().allow_race_conditions().vectorize(s.runs.x, lanes).unroll(s.runs.y);
    s.rows.update().specialize(s.dilation == 1); // nothing
    copy_input_by_samples(s, choice, {s.combined, s.channel});

    s.products.compute_at(at_tile)
        .bound_extent(s.block, 1)
        .bound_extent(s.place, places)
        .bound_extent(s.point, MinimalFilter::points)
        .bound_extent(s.filter_in_block, tile.filters)
        .reorder(s.place, s.filter_in_block, s.point)
        .vectorize(s.place, lanes)
        .unroll(s.place)
        .unroll(s.filter_in_block);
    s.products.update()
        .reorder(s.place, s.filter_in_block, s.taps.y, s.taps.x, s.point)
        .vectorize(s.place, lanes)
        .unroll(s.place)
        .unroll(s.filter_in_block);

    s.place_sums.compute_at(at_tile)
        .bound_extent(s.block, 1)
        .bound_extent(s.phase, MinimalFilter::outputs)
        .bound_extent(s.filter_in_block, tile.filters);
    s.place_sums.update()
        .allow_race_conditions()
        .reorder(s.phase, s.tile_places.x, s.filter_in_block)
        .vectorize(s.tile_places.x, lanes)
        .unroll(s.phase);
    for (Halide::Func f : {s.accumulator, s.activated})
        f.compute_at(at_tile).bound_extent(s.block, 1).bound_extent(s.filter_in_block, tile.filters);
    s.activated.vectorize(s.position, lanes, TailStrategy::RoundUp);
    activate(s, s.position, s.filter_in_block, lanes);
    s.accumulator.update(0)
        .allow_race_conditions()
        .split(s.outputs.y, vector, lane, lanes)
        .vectorize(lane)
        .unroll(s.outputs.x);
    s.accumulator.update(1).allow_race_conditions().vectorize(s.output_runs.x, lanes).unroll(s.output_runs.y);
    s.accumulator.update(1).specialize(s.dilation == 1); // nothing
}

} // namespace conv1d::schedules
