#include "schedules/gradients/avx512_taps.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_avx512_taps(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_positions(s, choice);
}

} // namespace conv1d::schedules
