#pragma once

#include "conv1d/kernel.h"
#include "schedules/gradient_scratch.h"

#include <Halide.h>

#include <vector>

namespace conv1d::schedules {

/// The handles that the weights' gradient offers to its schedule, and nothing else. Dimensions fastest first.
struct GradientStages {
    Halide::Func outside;         ///< (sample): which input sample each padded one repeats
    Halide::Func chunk_place;     ///< (chunk): its first position, its first observation
    Halide::Func staged_input;    ///< (sample, channel, observation, group, chunk): the padded input
    Halide::Func staged_gradient; ///< (position, filter_in_block, observation, block, group, chunk): 0 past
                                  ///< the last position, filter or observation
    /// (sums, chunk), in place only: positions of a chunk that a tile's sums see, as the generator's Span
    /// says.
    Halide::Func span;
    /// ([group in its block,] sum, position, observation, sums, group, chunk), in place only: what the taps
    /// of a tile see at positions that see an end.
    Halide::Func edge_input;
    Halide::Func sum_place; ///< (sum): of all sums: how many samples the tap of each is away, and its channel
    /// (sums): the first position of a tile's sums that is not of zeros, the first of which all taps see the
    /// signal, one past the last of these, one past the last that is not of zeros.
    Halide::Func seen;
    Halide::Func chunk_sum; ///< (lane, filter_in_block, sum, sums, block, group, chunk)
    std::vector<Halide::Func>
        halved_sums;         ///< chunk_sum of half of the lanes, a quarter and so on to one lane
    Halide::Func slab_sum;   ///< (filter_in_block, sum, sums, block, group, slab)
    Halide::Func total;      ///< (filter_in_block, sum, sums, block, group)
    Halide::Func filter_sum; ///< (filter, group): of the bias
    Halide::Func output;     ///< (tap, channel, filter, group)
                             ///< element by element: (position, channel, group, batch), and nothing else

    Halide::Var sample{"sample"}, channel{"channel"}, position{"position"}, lane{"lane"};
    Halide::Var filter_in_block{"filter_in_block"}, sum{"sum"}, sums{"sums"}, block{"block"};
    Halide::Var group{"group"}, chunk{"chunk"}, slab{"slab"}, tap{"tap"}, filter{"filter"};
    Halide::Var observation{"observation"}, batch{"batch"};

    Halide::RDom
        vectors; ///< of chunk_sum: x = vector of positions, or position if there is one lane; y = observation
    Halide::RDom copied_edges; ///< of edge_input
    Halide::RDom edges;        ///< of the second update of chunk_sum, if it has one: the same
    Halide::RDom chunks;       ///< of slab_sum
    Halide::RDom slabs;        ///< of total
    Halide::RDom samples;      ///< of filter_sum: x = position, y = observation
    Halide::Expr stride, activation;
    Halide::Expr outside_is_near;         ///< `outside` repeats nothing twice
    std::vector<Halide::Expr> neighbours; ///< if one of these, all sums of a tile read neighbours in memory
    Halide::Expr filters;                 ///< of filter_sum
    Halide::Expr whole_groups;            ///< groups fill a block
    Halide::Expr dense_groups; ///< and neighbouring groups of the gradient are neighbours in memory
};

/// What a schedule is applied for.
struct GradientChoice {
    const Schedule &schedule;
    GradientTile tile;
    MemoryOrder order;
    Halide::Target target;
    Halide::Type element;

    int vector() const { return target.natural_vector_size(element); }
    /// Filters of a block, or groups that take their place.
    int block_lanes() const {
        return schedule.weight_order == WeightOrder::group_inner ? schedule.group_vectors * vector()
                                                                 : tile.filters;
    }
    /// Lanes of a sum, added up at the end of a chunk: positions are summed by vectors.
    int lanes() const { return schedule.weight_order == WeightOrder::tap_inner ? vector() : 1; }
};

struct AppliedGradientSchedule {
    const Schedule *schedule;
    GradientTile tile;
    void (*apply)(GradientStages &, const GradientChoice &);
};

/// The row of that name. \throws std::invalid_argument naming it and listing those there are
const AppliedGradientSchedule &find_gradient_schedule(const std::string &name);

} // namespace conv1d::schedules
