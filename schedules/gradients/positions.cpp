#include "schedules/gradients/positions.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_positions(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_positions(s, choice);
}

} // namespace conv1d::schedules
