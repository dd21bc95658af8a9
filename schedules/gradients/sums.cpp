#include "schedules/gradients/sums.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_sums(GradientStages &s, const GradientChoice &choice) {
    using Halide::TailStrategy;
    const int vector = choice.vector(), block = gradients_sums_tile.positions;
    const int filters = gradients_sums_tile.filters, chains = gradients_sums_chains;
    Halide::Stage write = s.output.update();
    if (choice.order == MemoryOrder::scb) {
        Halide::RVar blocks("blocks"), in_block("in_block");
        Halide::Var place("place");
        Halide::Func partial =
            s.filter_sum.update().split(s.samples.x, blocks, in_block, block).rfactor(in_block, place);
        s.filter_sum.compute_at(s.output, s.filter);
        s.filter_sum.update().atomic().vectorize(in_block, vector);
        partial.compute_at(s.output, s.filter)
            .bound_extent(place, block)
            .vectorize(place, vector)
            .unroll(place);
        partial.update().reorder(place, blocks, s.samples.y).vectorize(place, vector).unroll(place);
        write.parallel(s.filter);
    } else if (choice.order == MemoryOrder::cbt) {
        Halide::Var blocks("blocks"), in_block("in_block"), chain("chain");
        Halide::RVar steps("steps"), in_step("in_step");
        write.split(s.filter, blocks, in_block, filters, TailStrategy::GuardWithIf).parallel(blocks);
        Halide::Func partial =
            s.filter_sum.update().split(s.samples.x, steps, in_step, chains).rfactor(in_step, chain);
        s.filter_sum.compute_at(s.output, blocks).vectorize(s.filter, vector, TailStrategy::GuardWithIf);
        s.filter_sum.update()
            .reorder(s.filter, in_step)
            .vectorize(s.filter, vector, TailStrategy::GuardWithIf);
        partial.compute_at(s.output, blocks)
            .bound_extent(chain, chains)
            .vectorize(s.filter, vector, TailStrategy::GuardWithIf);
        Halide::Stage add = partial.update();
        // So that a masked sum is not read again right after it was written. Longer rows are read row by row.
        add.specialize(s.filters < 4 * vector)
            .reorder(chain, s.filter, steps, s.samples.y)
            .vectorize(s.filter, vector, TailStrategy::GuardWithIf)
            .unroll(chain);
        add.reorder(s.filter, chain, steps, s.samples.y)
            .vectorize(s.filter, vector, TailStrategy::GuardWithIf);
    } else {
        s.filter_sum.compute_at(s.output, s.filter);
        write.parallel(s.filter);
    }
}

} // namespace conv1d::schedules
