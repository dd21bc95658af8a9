#include "schedules/gradient_families.h"

#include "schedules/gradient_scratch.h"

namespace conv1d::schedules {
namespace {

using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

/// What is worked out once a call.
void make_tables(GradientStages &s) {
    s.outside.compute_root();
    s.outside.specialize(s.outside_is_near); // without a division
    s.sum_place.compute_root();
    s.seen.compute_root();
}

/// The copies of the padded input: the constant, then the signal, then what is repeated.
template <class Schedule>
void schedule_copies(GradientStages &s, const Schedule &schedule) {
    schedule(Halide::Stage(s.staged_input));
    schedule(s.staged_input.update(0));
    schedule(s.staged_input.update(1));
}

/// One chunk at a time, which bounds inference does not see.
void keep_one_chunk(GradientStages &s) {
    s.chunk_place.compute_at(s.slab_sum, s.chunks.x);
    for (Func f : {s.chunk_place, s.staged_input, s.staged_gradient, s.chunk_sum})
        f.bound_extent(s.chunk, 1);
}

/// Tile by tile, each of which lies in one piece.
void add_slabs(GradientStages &s, const GradientTile &tile) {
    Var sum_of_tile("sum_of_tile");
    s.total.compute_root().bound_extent(s.filter_in_block, tile.filters).bound_extent(s.sum, tile.sums);
    for (Halide::Stage stage : {Halide::Stage(s.total), s.total.update()}) {
        stage.fuse(s.filter_in_block, s.sum, sum_of_tile)
            .vectorize(sum_of_tile, tile.filters * tile.sums)
            .parallel(s.block);
    }
    s.total.update().reorder(sum_of_tile, s.slabs.x, s.sums, s.block, s.group);
    s.output.update().parallel(s.filter);
}

} // namespace

void gradient_by_vectors_of_filters(GradientStages &s, const GradientChoice &choice) {
    const int vector = choice.vector();
    const GradientTile &tile = choice.tile;
    Var task("task"), in_task("in_task");
    make_tables(s);
    s.slab_sum.compute_root()
        .bound_extent(s.filter_in_block, tile.filters)
        .bound_extent(s.sum, tile.sums)
        .vectorize(s.filter_in_block, vector);
    s.slab_sum.update()
        .split(s.block, task, in_task, blocks_of_a_task, TailStrategy::GuardWithIf)
        .reorder(s.filter_in_block, s.sum, s.sums, in_task, s.chunks.x, task, s.group, s.slab)
        .vectorize(s.filter_in_block, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum)
        .parallel(task)
        .parallel(s.group)
        .parallel(s.slab);
    s.staged_input.compute_at(s.slab_sum, s.chunks.x);
    if (choice.order == MemoryOrder::scb) {
        schedule_copies(s, [&](Halide::Stage copy) { copy.vectorize(s.sample, vector); });
    } else {
        s.staged_input.reorder_storage(s.channel, s.sample);
        schedule_copies(s, [&](Halide::Stage copy) {
            copy.reorder(s.channel, s.sample).vectorize(s.channel, vector, TailStrategy::GuardWithIf);
        });
    }
    s.staged_gradient.compute_at(s.slab_sum, in_task)
        .bound_extent(s.filter_in_block, tile.filters)
        .reorder_storage(s.filter_in_block, s.position);
    if (choice.order == MemoryOrder::scb) {
        s.staged_gradient.vectorize(s.position, vector, TailStrategy::RoundUp);
    } else {
        s.staged_gradient.reorder(s.filter_in_block, s.position).vectorize(s.filter_in_block, vector);
    }
    s.chunk_sum.compute_at(s.slab_sum, s.sums)
        .bound_extent(s.filter_in_block, tile.filters)
        .bound_extent(s.sum, tile.sums)
        .vectorize(s.filter_in_block, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum);
    s.chunk_sum.update()
        .reorder(s.filter_in_block, s.sum, s.vectors.x, s.vectors.y)
        .vectorize(s.filter_in_block, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum);
    keep_one_chunk(s);
    add_slabs(s, tile);
}

void gradient_by_vectors_of_positions(GradientStages &s, const GradientChoice &choice) {
    const int vector = choice.vector();
    const GradientTile &tile = choice.tile;
    const bool copies_gradient = choice.order != MemoryOrder::scb || tile.filters > 1;
    make_tables(s);
    s.slab_sum.compute_root()
        .bound_extent(s.filter_in_block, tile.filters)
        .bound_extent(s.sum, tile.sums)
        .vectorize(s.sum);
    s.slab_sum.update()
        .reorder(s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunks.x, s.slab)
        .unroll(s.filter_in_block)
        .unroll(s.sum)
        .parallel(s.slab);
    s.staged_input.compute_at(s.slab_sum, s.group);
    schedule_copies(s, [&](Halide::Stage copy) {
        if (choice.order == MemoryOrder::scb)
            copy.vectorize(s.sample, vector);
        else
            copy.reorder(s.channel, s.sample);
    });
    if (copies_gradient)
        s.staged_gradient.compute_at(s.slab_sum, s.block).bound_extent(s.filter_in_block, tile.filters);
    if (copies_gradient && choice.order == MemoryOrder::scb)
        s.staged_gradient.vectorize(s.position, vector, TailStrategy::RoundUp);
    s.chunk_sum.compute_at(s.slab_sum, s.sums)
        .bound_extent(s.lane, vector)
        .bound_extent(s.filter_in_block, tile.filters)
        .bound_extent(s.sum, tile.sums)
        .vectorize(s.lane, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum);
    Halide::Stage sum = s.chunk_sum.update();
    sum.reorder(s.lane, s.filter_in_block, s.sum, s.vectors.x, s.vectors.y)
        .vectorize(s.lane, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum);
    for (std::size_t i = 0; i + 1 < s.halved_sums.size(); i++) {
        s.halved_sums[i]
            .compute_at(s.slab_sum, s.sums)
            .bound_extent(s.lane, vector >> (static_cast<int>(i) + 1))
            .bound_extent(s.filter_in_block, tile.filters)
            .bound_extent(s.sum, tile.sums)
            .vectorize(s.lane)
            .unroll(s.filter_in_block)
            .unroll(s.sum);
    }
    sum.specialize(s.stride == 1); // whole vectors instead of a load a lane
    sum.specialize(s.stride == 2);
    keep_one_chunk(s);
    add_slabs(s, tile);
}

void gradient_by_vectors_of_groups(GradientStages &s, const GradientChoice &choice) {
    const int vector = choice.vector(), pair = 2 * vector;
    const GradientTile &tile = choice.tile;
    Var copied("copied"), pairs("pairs"), in_pair("in_pair");
    make_tables(s);
    s.slab_sum.compute_root()
        .bound_extent(s.sum, tile.sums)
        .reorder_storage(s.group, s.filter_in_block, s.sum)
        .align_storage(s.group, pair)
        .reorder(s.group, s.sum)
        .vectorize(s.group, pair, TailStrategy::RoundUp);
    s.slab_sum.update()
        .split(s.group, pairs, in_pair, pair, TailStrategy::RoundUp)
        .split(pairs, copied, pairs, groups_of_a_copy / pair, TailStrategy::GuardWithIf)
        .reorder(in_pair, s.sum, s.sums, s.block, pairs, copied, s.chunks.x, s.slab)
        .vectorize(in_pair, vector)
        .unroll(in_pair)
        .unroll(s.sum)
        .parallel(s.slab);
    s.staged_input.compute_at(s.slab_sum, copied).reorder_storage(s.group, s.sample);
    schedule_copies(s,
                    [&](Halide::Stage copy) { copy.reorder(s.group, s.sample).vectorize(s.group, vector); });
    s.staged_gradient.compute_at(s.slab_sum, copied)
        .reorder_storage(s.group, s.position)
        .reorder(s.group, s.position)
        .vectorize(s.group, vector);
    s.staged_gradient.specialize(s.dense_groups);
    s.chunk_sum.compute_at(s.slab_sum, s.sums)
        .bound_extent(s.group, pair)
        .bound_extent(s.sum, tile.sums)
        .reorder_storage(s.group, s.sum)
        .vectorize(s.group, vector)
        .unroll(s.group)
        .unroll(s.sum);
    s.chunk_sum.update()
        .reorder(s.group, s.sum, s.vectors.x, s.vectors.y)
        .vectorize(s.group, vector)
        .unroll(s.group)
        .unroll(s.sum);
    keep_one_chunk(s);
    s.total.compute_root()
        .reorder_storage(s.group, s.filter_in_block, s.sum)
        .reorder(s.group, s.sum)
        .vectorize(s.group, vector, TailStrategy::RoundUp);
    s.total.update().reorder(s.group, s.slabs.x, s.sum).vectorize(s.group, vector, TailStrategy::GuardWithIf);
}

} // namespace conv1d::schedules
