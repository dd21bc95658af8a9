#include "schedules/gradients/elementwise.h"

#include "schedules/families.h"
#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_elementwise(GradientStages &s, const GradientChoice &choice) {
    Halide::Stage write = s.output.has_update_definition() ? s.output.update() : Halide::Stage(s.output);
    if (choice.order == MemoryOrder::scb) {
        write.vectorize(s.position, choice.vector(), Halide::TailStrategy::GuardWithIf).parallel(s.channel);
    } else if (choice.order == MemoryOrder::cbt) {
        write.reorder(s.channel, s.position, s.group, s.batch)
            .vectorize(s.channel, choice.vector(), Halide::TailStrategy::GuardWithIf)
            .parallel(s.position);
    }
    write.parallel(s.batch);
    branch_by_activation(write, s.activation);
}

} // namespace conv1d::schedules
