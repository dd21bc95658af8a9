#include "schedules/gradients/avx512_channels.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_avx512_channels(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_groups(s, choice);
}

} // namespace conv1d::schedules
