#include "schedules/gpu/direct.h"

#include "schedules/stages.h"

namespace conv1d::schedules {
namespace {

using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

constexpr Tile tile = gpu_direct_tile;
constexpr int threads_along_positions = 32;
constexpr int threads_along_blocks = 4;

void sum_in_registers(Stages &s) {
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.filter_in_block, tile.filters)
            .unroll(s.position)
            .unroll(s.filter_in_block);
    }
    s.accumulator.update()
        .reorder(s.position, s.filter_in_block, s.taps.x, s.taps.y)
        .unroll(s.position)
        .unroll(s.filter_in_block);
}

constexpr int threads_along_samples = 64;

/// Only run if there is an input activation.
void activate_input(Stages &s) {
    const Var rows("rows"), group_of_threads("group_of_threads"), thread("thread");
    s.activated_input.compute_root()
        .fuse(s.channel, s.group, rows)
        .fuse(rows, s.batch, rows)
        .split(s.sample, group_of_threads, thread, threads_along_samples, TailStrategy::GuardWithIf)
        .gpu_blocks(group_of_threads, rows)
        .gpu_threads(thread);
}

void apply_convolution(Stages &s) {
    Var group_of_threads("group_of_threads"), thread("thread");
    s.outside.compute_root().gpu_tile(s.sample, group_of_threads, thread, threads_along_samples,
                                      TailStrategy::GuardWithIf);
    Var in_tile("in_tile"), thread_x("thread_x"), thread_y("thread_y"), layer("layer");
    s.output.update()
        .split(s.position, s.position, in_tile, tile.positions, TailStrategy::GuardWithIf)
        .split(s.position, s.position, thread_x, threads_along_positions, TailStrategy::GuardWithIf)
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .split(s.block, s.block, thread_y, threads_along_blocks, TailStrategy::GuardWithIf)
        .fuse(s.group, s.batch, layer)
        .reorder(in_tile, s.filter_in_block, s.pass, thread_x, thread_y, s.position, s.block, layer)
        .unroll(in_tile)
        .unroll(s.filter_in_block)
        .unroll(s.pass)
        .gpu_blocks(s.position, s.block, layer)
        .gpu_threads(thread_x, thread_y);
    s.seen_taps.compute_at(s.output, thread_x);
    s.accumulator.compute_at(s.output, thread_x);
    s.activated.compute_at(s.output, thread_x);
    sum_in_registers(s);
}

void apply_transposed(Stages &s) {
    RVar place("place"), thread_x("thread_x");
    Var thread_y("thread_y"), layer("layer");
    // A copy has one tile: nothing is copied for several.
    const RVar tile_of_copy = s.places.z, phase = s.places.w, tile_of_positions = s.places[4];
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(tile_of_positions, place, thread_x, threads_along_positions, TailStrategy::GuardWithIf)
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .split(s.block, s.block, thread_y, threads_along_blocks, TailStrategy::GuardWithIf)
        .fuse(s.group, s.batch, layer)
        .reorder(s.places.x, s.filter_in_block, s.pass, tile_of_copy, phase, thread_x, thread_y, place,
                 s.block, layer)
        .unroll(s.places.x)
        .unroll(s.filter_in_block)
        .unroll(s.pass)
        .gpu_blocks(place, s.block, layer)
        .gpu_threads(thread_x, thread_y);
    s.phase_start.compute_at(s.output, phase);
    s.accumulator.compute_at(s.output, tile_of_copy);
    s.activated.compute_at(s.output, tile_of_copy);
    sum_in_registers(s);
}

} // namespace

void apply_gpu_direct(Stages &s, const Choice &choice) {
    activate_input(s);
    s.activated.update().unscheduled(); // a loop: its code would be too long unrolled
    if (choice.operation == Operation::convolution) {
        apply_convolution(s);
    } else {
        apply_transposed(s);
    }
}

} // namespace conv1d::schedules
