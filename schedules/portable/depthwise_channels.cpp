#include "schedules/portable/depthwise_channels.h"

#include "schedules/families.h"

namespace conv1d::schedules {
namespace {

using Halide::Func;
using Halide::RVar;
using Halide::Stage;
using Halide::TailStrategy;
using Halide::Var;

constexpr Tile tile = depthwise_channels_tile;
const Var groups("groups"), lane("lane"), place("place");

/// The directives of each specialisation of a transposed convolution's output.
void transpose(Stages &s, Stage output, int lanes, TailStrategy tail) {
    const RVar tile_of_copy = s.places.z, phase = s.places.w, copy = s.places[4];
    output
        .allow_race_conditions() // no two places write one position, but Halide cannot know that
        .split(s.group, groups, lane, lanes, tail)
        .reorder(lane, s.places.x, s.pass, tile_of_copy, phase, s.filter, groups, copy, s.batch)
        .vectorize(lane)
        .unroll(s.places.x)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
}

} // namespace

void apply_portable_depthwise_channels(Stages &s, const Choice &choice) {
    const Halide::LoopLevel vector(s.output, groups);
    if (choice.operation == Operation::convolution) {
        convolve_vectors_of_groups(s, choice, tile, {groups, s.filter, place});
        copy_vector_of_groups(s, choice, vector, {s.output, Var("copy")});
        s.seen_taps.compute_at(s.output, place);
        s.at_edge.compute_at(s.output, place);
        s.accumulator.compute_at(vector);
        s.activated.compute_at(vector);
    } else {
        Stage output = s.output.update();
        transpose(s, output.specialize(s.whole_vectors), choice.lanes(), TailStrategy::ShiftInwardsAndBlend);
        transpose(s, output, choice.lanes(), TailStrategy::GuardWithIf);
        copy_vector_of_groups(s, choice, vector, {s.output, s.places[4]});
        s.phase_start.compute_at(s.output, s.places.w);
        for (Func f : {s.accumulator, s.activated})
            f.compute_at(s.output, s.places.z);
    }
    sum_vectors_of_groups(s, choice, tile);
}

} // namespace conv1d::schedules
