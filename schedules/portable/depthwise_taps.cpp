#include "schedules/portable/depthwise_taps.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_portable_depthwise_taps(Stages &s, const Choice &choice) {
    constexpr Tile tile = depthwise_taps_tile;
    const Halide::Var groups("groups"), place("place");
    convolve_vectors_of_groups(s, choice, tile, {place, s.filter, groups});
    const Halide::LoopLevel vector(s.output, groups), memory(s.output, Halide::Var("copy"));
    copy_vector_of_groups(s, choice, vector, memory);
    s.near_weights.compute_at(vector)
        .hoist_storage(memory)
        .bound_extent(s.group, choice.lanes())
        .vectorize(s.group);
    for (Halide::Func f : {s.seen_taps, s.accumulator, s.activated})
        f.compute_at(s.output, place);
    sum_vectors_of_groups(s, choice, tile);
    // Rows of a copy by constants. In `scb` order more code for pairs made the gathers slower.
    const int sums = s.accumulator.num_update_definitions();
    for (int sum = choice.order == MemoryOrder::scb ? sums - 1 : 0; sum < sums; sum++)
        s.accumulator.update(sum).specialize(s.stride == 1);
}

} // namespace conv1d::schedules
