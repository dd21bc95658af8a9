#include "schedules/gradients/channels.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_channels(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_groups(s, choice);
}

} // namespace conv1d::schedules
