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

/// Zeros and then the gradient, or both at once.
std::vector<Halide::Stage> copies_of_gradient(GradientStages &s) {
    std::vector<Halide::Stage> copies{s.staged_gradient};
    if (s.staged_gradient.has_update_definition())
        copies.push_back(s.staged_gradient.update());
    return copies;
}

/// One chunk at a time, which bounds inference does not see.
void keep_one_chunk(GradientStages &s) {
    s.chunk_place.compute_at(s.slab_sum, s.chunks.x);
    for (Func f : {s.chunk_place, s.staged_input, s.staged_gradient, s.chunk_sum}) {
        if (f.defined())
            f.bound_extent(s.chunk, 1);
    }
}

/// The sums of a chunk for a block of filters, or of groups.
void sum_in_registers(GradientStages &s, const GradientChoice &choice) {
    const int vector = choice.vector(), lanes = choice.block_lanes(), sums = choice.tile.sums;
    s.chunk_sum.compute_at(s.slab_sum, s.sums)
        .bound_extent(s.filter_in_block, lanes)
        .bound_extent(s.sum, sums)
        .vectorize(s.filter_in_block, vector)
        .unroll(s.filter_in_block)
        .unroll(s.sum);
    for (int update = 0; update < s.chunk_sum.num_update_definitions(); update++) {
        const Halide::RDom &places = update == 0 ? s.vectors : s.edges;
        Halide::Stage sum = s.chunk_sum.update(update);
        sum.reorder(s.filter_in_block, s.sum, places.x, places.y)
            .vectorize(s.filter_in_block, vector)
            .unroll(s.filter_in_block)
            .unroll(s.sum);
        if (choice.schedule.weight_order == WeightOrder::group_inner)
            sum.specialize(s.dense_groups);
    }
    if (!s.edge_input.defined())
        return;
    for (const Halide::Expr &condition : s.neighbours)
        s.chunk_sum.update(0).specialize(condition);
    s.span.compute_at(s.slab_sum, s.sums).bound_extent(s.chunk, 1);
    s.edge_input.compute_at(s.slab_sum, s.sums).bound_extent(s.sum, sums);
    Halide::Stage copy = s.edge_input.update();
    if (choice.schedule.weight_order == WeightOrder::group_inner) {
        s.edge_input.bound_extent(s.filter_in_block, lanes);
        copy.reorder(s.filter_in_block, s.sum, s.copied_edges.x, s.copied_edges.y)
            .vectorize(s.filter_in_block, vector)
            .unroll(s.filter_in_block)
            .unroll(s.sum)
            .specialize(s.dense_groups);
    } else {
        copy.vectorize(s.sum, sums);
    }
}

/// Tile by tile, each of which lies in one piece.
void add_slabs(GradientStages &s, const GradientChoice &choice) {
    const int lanes = choice.block_lanes(), sums = choice.tile.sums;
    Var sum_of_tile("sum_of_tile");
    s.total.compute_root().bound_extent(s.filter_in_block, lanes).bound_extent(s.sum, sums);
    for (Halide::Stage stage : {Halide::Stage(s.total), s.total.update()}) {
        stage.fuse(s.filter_in_block, s.sum, sum_of_tile)
            .vectorize(sum_of_tile, lanes * sums)
            .parallel(s.block);
    }
    s.total.update().reorder(sum_of_tile, s.slabs.x, s.sums, s.block, s.group);
    if (choice.schedule.weight_order == WeightOrder::group_inner) {
        Var in_tile("in_tile");
        s.output.update()
            .split(s.group, s.group, in_tile, lanes, TailStrategy::GuardWithIf)
            .reorder(in_tile, s.tap, s.channel, s.filter, s.group)
            .vectorize(in_tile, choice.vector(), TailStrategy::GuardWithIf);
    } else {
        s.output.update().parallel(s.filter);
    }
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
    if (s.staged_input.defined()) {
        s.staged_input.compute_at(s.slab_sum, s.chunks.x);
        if (choice.order != MemoryOrder::scb)
            s.staged_input.reorder_storage(s.channel, s.sample);
        schedule_copies(s, [&](Halide::Stage copy) {
            if (choice.order == MemoryOrder::scb)
                copy.vectorize(s.sample, vector);
            else
                copy.reorder(s.channel, s.sample).vectorize(s.channel, vector, TailStrategy::GuardWithIf);
        });
    }
    s.staged_gradient.compute_at(s.slab_sum, in_task)
        .bound_extent(s.filter_in_block, tile.filters)
        .reorder_storage(s.filter_in_block, s.position);
    for (Halide::Stage copy : copies_of_gradient(s)) {
        if (choice.order == MemoryOrder::scb)
            copy.vectorize(s.position, vector, TailStrategy::RoundUp);
        else
            copy.reorder(s.filter_in_block, s.position)
                .vectorize(s.filter_in_block, vector)
                .unroll(s.filter_in_block);
    }
    sum_in_registers(s, choice);
    keep_one_chunk(s);
    add_slabs(s, choice);
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
    for (int stride = 1; stride <= 4; stride++)
        sum.specialize(s.stride == stride); // whole vectors instead of a load a lane
    keep_one_chunk(s);
    add_slabs(s, choice);
}

void gradient_by_vectors_of_groups(GradientStages &s, const GradientChoice &choice) {
    make_tables(s);
    s.slab_sum.compute_root()
        .bound_extent(s.filter_in_block, choice.block_lanes())
        .bound_extent(s.sum, choice.tile.sums)
        .vectorize(s.filter_in_block, choice.vector());
    s.slab_sum.update()
        .reorder(s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunks.x, s.slab)
        .vectorize(s.filter_in_block, choice.vector())
        .unroll(s.filter_in_block)
        .unroll(s.sum)
        .parallel(s.slab);
    sum_in_registers(s, choice);
    keep_one_chunk(s);
    add_slabs(s, choice);
}

} // namespace conv1d::schedules
