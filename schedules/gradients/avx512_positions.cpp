#include "schedules/gradients/avx512_positions.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_avx512_positions(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_positions(s, choice);
}

} // namespace conv1d::schedules
