#include "schedules/families.h"

namespace conv1d::schedules {
namespace {

using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

/// Elements rounded up to an odd number of cache lines, so that rows do not share a few sets of the cache.
Halide::Expr odd_lines(const Halide::Expr &elements, const Choice &choice) {
    const int line = choice.line_elements();
    return ((elements + line - 1) / line | 1) * line;
}

/// Outputs with gaps between them are written one by one, which is much code: for AVX-512, whose schedules
/// are most, with a test for each, and not once more without for the inner tiles. Takes up to 1.06 times as
/// long (AMD EPYC, 2026-11-29), and saves an eighth to a third of the kernel.
void write_by_one_code(Stages &s, const Choice &choice) {
    if (choice.order == MemoryOrder::strided && choice.target.has_feature(Halide::Target::AVX512))
        s.output.update().never_partition_all();
}

/// Asks for the lines of a register tile, and for its part of the next copy's input, where `at` says.
void fetch(Stages &s, const Choice &choice, const Tile &tile, const Halide::LoopLevel &at) {
    if (choice.fetches_input()) {
        s.fetched_input.compute_at(at).bound_extent(s.tile, 1).bound_extent(s.block, 1);
        if (choice.operation == Operation::transposed_convolution)
            s.fetched_input.bound_extent(s.phase, 1);
    }
    if (!choice.fetches_lines())
        return;
    const bool filters = choice.schedule.fetch == Fetch::filters;
    const Var &row = filters ? s.position : s.filter_in_block;
    s.fetched.compute_at(at)
        .bound_extent(s.block, 1)
        .bound_extent(s.line, static_cast<int>(
                                  ceil_div(filters ? tile.filters : tile.positions, choice.line_elements())))
        .bound_extent(row, filters ? tile.positions : tile.filters)
        .unroll(s.line)
        .unroll(row)
        .specialize(s.is_worth_fetching);
}

/// Sums a register tile: vectors over filters, positions unrolled; the loops over channels and taps follow
/// the order of the packed weights.
void sum_vectors_of_filters(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes();
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.filter_in_block, tile.filters)
            .reorder_storage(s.filter_in_block, s.position)
            .reorder(s.filter_in_block, s.position)
            .vectorize(s.filter_in_block, lanes)
            .unroll(s.filter_in_block)
            .unroll(s.position);
    }
    activate(s, s.filter_in_block, s.position, lanes);
    const bool tap_inner = choice.schedule.weight_order == WeightOrder::tap_inner;
    for (int update = 0; update < s.accumulator.num_update_definitions(); update++) {
        const Halide::RDom &taps = update == 0 ? s.taps : s.taps_in_place;
        s.accumulator.update(update)
            .reorder(s.filter_in_block, s.position, tap_inner ? taps.x : taps.y, tap_inner ? taps.y : taps.x)
            .vectorize(s.filter_in_block, lanes)
            .unroll(s.filter_in_block)
            .unroll(s.position);
    }
}

/// Sums a register tile: vectors over positions, filters unrolled. \return where its input is to be copied
Halide::LoopLevel sum_vectors_of_positions(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes();
    Var copy("copy"), place("place"), lane("lane");
    s.output.update()
        .split(s.position, place, lane, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .reorder(lane, s.filter_in_block, s.pass, place, s.block, copy, s.group, s.batch)
        .vectorize(lane, lanes, TailStrategy::GuardWithIf)
        .unroll(lane)
        .unroll(s.filter_in_block)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    s.seen_taps.compute_at(s.output, place);
    fetch(s, choice, tile, {s.output, place});
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.compute_at(s.output, place)
            .bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.filter_in_block, tile.filters)
            .vectorize(s.position, lanes)
            .unroll(s.position)
            .unroll(s.filter_in_block);
    }
    activate(s, s.position, s.filter_in_block, lanes);
    const bool tap_inner = choice.schedule.weight_order == WeightOrder::tap_inner;
    s.accumulator.update()
        .reorder(s.position, s.filter_in_block, tap_inner ? s.taps.x : s.taps.y,
                 tap_inner ? s.taps.y : s.taps.x)
        .vectorize(s.position, lanes)
        .unroll(s.position)
        .unroll(s.filter_in_block);
    return {s.output, copy};
}

/// Elements from one sample to the next in a copy with channels innermost: many channels take an odd number
/// of cache lines, so that the samples of a tile do not share a few sets of the cache.
Halide::Expr channel_row(const Halide::Expr &channels, const Choice &choice) {
    return select(channels < channels_to_pad, channels, odd_lines(channels, choice));
}

} // namespace

void branch_by_activation(Halide::Stage stage, const Halide::Expr &activation) {
    for (int i = 0; i <= static_cast<int>(Activation::sigmoid); i++)
        stage.specialize(activation == i);
    stage.specialize_fail("the activation is unknown");
}

void activate(Stages &s, const Var &vector, const Var &rows, int lanes) {
    Halide::Stage stage = s.activated.update();
    stage.reorder(vector, rows).vectorize(vector, lanes);
    branch_by_activation(stage, s.activation);
}

void find_outside(Stages &s, const Choice &choice) {
    if (choice.operation != Operation::convolution)
        return;
    s.outside.compute_root();
    s.outside.specialize(s.outside_is_near); // without a division
}

void copy_input(Stages &s, const Choice &choice, const Halide::LoopLevel &at) {
    if (choice.order == MemoryOrder::scb)
        return copy_input_by_samples(s, choice, at);
    find_outside(s, choice);
    s.staged.compute_at(at)
        .reorder_storage(s.channel, s.sample)
        .align_storage(s.channel, channel_row(s.channels, choice));
    for (int step = 0; step < copy_steps; step++)
        s.staged.update(step)
            .reorder(s.channel, s.sample, s.copy_once[step].x)
            .vectorize(s.channel, choice.lanes(), TailStrategy::GuardWithIf);
    branch_by_activation(s.staged.update(copy_steps - 1), s.input_activation);
}

/// Bytes of the signal that one test whether all of them are inside is for.
static constexpr int copied_at_once = 128;

/// What stands outside of the signal, by vectors with masks over all of a copy, unless it is little or
/// repeats samples.
static void fill_outside_by_vectors(Stages &s, const Choice &choice) {
    for (int side : {1, 2}) {
        Halide::Stage outside = s.staged.update(side);
        for (const Halide::Expr &one_by_one : {s.repeats, s.few_outside}) {
            if (one_by_one.defined())
                outside.specialize(one_by_one);
        }
        outside.vectorize(s.sample, choice.lanes(), TailStrategy::GuardWithIf);
    }
}

void copy_input_by_samples(Stages &s, const Choice &choice, const Halide::LoopLevel &at) {
    find_outside(s, choice);
    s.staged.compute_at(at).vectorize(s.sample, choice.lanes(), TailStrategy::RoundUp);
    Halide::Stage signal = s.staged.update(0), activation = s.staged.update(copy_steps - 1);
    if (choice.order == MemoryOrder::scb) {
        signal.vectorize(s.sample, copied_at_once / choice.element.bytes(), TailStrategy::GuardWithIf);
    } else {
        signal.reorder(s.channel, s.sample);
    }
    for (int step = 0; step < copy_steps && choice.copies_edges_only(); step++)
        s.staged.update(step).reorder(s.sample, s.channel, s.copy_once[step].x);
    if (choice.target.has_feature(Halide::Target::AVX512)) {
        fill_outside_by_vectors(s, choice);
    } else if (!choice.copies_edges_only()) { // masked stores take longer
        for (int side : {1, 2})
            s.staged.update(side).unscheduled();
    }
    activation.vectorize(s.sample, choice.lanes(), TailStrategy::GuardWithIf);
    branch_by_activation(activation, s.input_activation);
}

void copy_input_of_tiles(Stages &s, const Choice &choice, CopyInput copy_input, const Var &tile,
                         const Var &copy) {
    if (!choice.copies_edges_only())
        return copy_input(s, choice, {s.output, copy});
    copy_input(s, choice, {s.output, tile});
    s.at_edge.compute_at(s.output, tile);
    s.staged.hoist_storage(s.output, copy);
}

void vectors_of_positions(Stages &s, const Choice &choice, const Tile &tile) {
    copy_input_by_samples(s, choice, sum_vectors_of_positions(s, choice, tile));
    Halide::Stage sum = s.accumulator.update();
    sum.specialize(s.stride == 1);
    sum.specialize_fail("this schedule computes stride 1 only");
}

void vectors_of_positions_in_rows(Stages &s, const Choice &choice, const Tile &tile) {
    const Halide::LoopLevel at = sum_vectors_of_positions(s, choice, tile);
    s.tap_row.compute_root();
    s.rows.compute_at(at)
        .align_storage(s.place, odd_lines(s.row_places, choice))
        .vectorize(s.place, choice.lanes(), TailStrategy::RoundUp);
    for (int stride : {2, 4}) // whole vectors instead of a load a lane
        s.rows.specialize(s.stride == stride);
    copy_input_by_samples(s, choice, {s.rows, s.channel});
}

void vectors_of_positions_by_phase(Stages &s, const Choice &choice, const Tile &tile) {
    const int lanes = choice.lanes();
    const RVar tile_of_copy = s.places.z, phase = s.places.w, copy = s.places[4];
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .reorder(s.places.x, s.filter_in_block, s.pass, tile_of_copy, phase, s.block, copy, s.group, s.batch)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    copy_input_by_samples(s, choice, {s.output, copy});
    s.phase_start.compute_at(s.output, phase);
    fetch(s, choice, tile, {s.output, tile_of_copy});
    for (Halide::Func f : {s.accumulator, s.activated}) {
        f.compute_at(s.output, tile_of_copy)
            .bound_extent(s.block, 1)
            .bound_extent(s.position, tile.positions)
            .bound_extent(s.filter_in_block, tile.filters)
            .vectorize(s.position, lanes)
            .unroll(s.position)
            .unroll(s.filter_in_block);
    }
    activate(s, s.position, s.filter_in_block, lanes);
    s.accumulator.update()
        .reorder(s.position, s.filter_in_block, s.taps.x, s.taps.y)
        .vectorize(s.position, lanes)
        .unroll(s.position)
        .unroll(s.filter_in_block);
}

void vectors_of_filters(Stages &s, const Choice &choice, const Tile &tile) {
    Var copy("copy"), place("place"), in_place("in_place");
    s.output.update()
        .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .reorder(s.filter_in_block, in_place, s.pass, place, s.block, copy, s.group, s.batch)
        .vectorize(s.filter_in_block, choice.lanes(), TailStrategy::GuardWithIf)
        .unroll(s.filter_in_block)
        .unroll(in_place)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    write_by_one_code(s, choice);
    copy_input_of_tiles(s, choice, copy_input, place, copy);
    s.seen_taps.compute_at(s.output, place);
    fetch(s, choice, tile, {s.output, place});
    s.accumulator.compute_at(s.output, place);
    s.activated.compute_at(s.output, place);
    sum_vectors_of_filters(s, choice, tile);
}

void vectors_of_filters_by_phase(Stages &s, const Choice &choice, const Tile &tile) {
    const RVar tile_of_copy = s.places.z, phase = s.places.w, copy = s.places[4];
    s.output.update()
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.filter, s.block, s.filter_in_block, tile.filters, TailStrategy::GuardWithIf)
        .reorder(s.filter_in_block, s.places.x, s.pass, tile_of_copy, phase, s.block, copy, s.group, s.batch)
        .vectorize(s.filter_in_block, choice.lanes(), TailStrategy::GuardWithIf)
        .unroll(s.filter_in_block)
        .unroll(s.places.x)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.group)
        .parallel(s.batch);
    write_by_one_code(s, choice);
    copy_input(s, choice, {s.output, copy});
    s.phase_start.compute_at(s.output, phase);
    s.accumulator.compute_at(s.output, tile_of_copy);
    s.activated.compute_at(s.output, tile_of_copy);
    fetch(s, choice, tile, {s.output, tile_of_copy});
    sum_vectors_of_filters(s, choice, tile);
}

} // namespace conv1d::schedules
