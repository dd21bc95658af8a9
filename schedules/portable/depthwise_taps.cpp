#include "schedules/portable/depthwise_taps.h"

#include "schedules/families.h"

namespace conv1d::schedules {
namespace {

using Halide::Stage;
using Halide::TailStrategy;
using Halide::Var;

constexpr Tile tile = depthwise_taps_tile;
const Var copy("copy"), groups("groups"), lane("lane"), place("place"), in_place("in_place");

/// The directives of each specialisation of the output.
void convolve(Stages &s, Stage output, int lanes, TailStrategy tail) {
    output.split(s.group, groups, lane, lanes, tail)
        .split(s.position, place, in_place, tile.positions, TailStrategy::GuardWithIf)
        .split(place, copy, place, s.copied_tiles, TailStrategy::GuardWithIf)
        .reorder(lane, in_place, s.pass, place, s.filter, groups, copy, s.batch)
        .vectorize(lane)
        .unroll(in_place)
        .unroll(s.pass)
        .never_partition(
            copy) // or all of the last copy, the only one of a short signal, has the code of tails
        .parallel(copy)
        .parallel(s.batch);
}

} // namespace

void apply_portable_depthwise_taps(Stages &s, const Choice &choice) {
    const int lanes = choice.lanes();
    const Halide::LoopLevel vector(s.output, groups), memory(s.output, copy);
    Stage output = s.output.update();
    convolve(s, output.specialize(s.whole_vectors), lanes, TailStrategy::ShiftInwardsAndBlend);
    convolve(s, output, lanes, TailStrategy::GuardWithIf);
    copy_vector_of_groups(s, choice, vector, memory);
    s.near_weights.compute_at(vector).hoist_storage(memory).bound_extent(s.group, lanes).vectorize(s.group);
    for (Halide::Func f : {s.seen_taps, s.accumulator, s.activated})
        f.compute_at(s.output, place);
    sum_vectors_of_groups(s, choice, tile);
    s.accumulator.update().specialize(s.stride == 1); // rows of a copy by constants
}

} // namespace conv1d::schedules
