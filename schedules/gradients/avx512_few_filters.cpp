#include "schedules/gradients/avx512_few_filters.h"

#include "schedules/gradient_families.h"

namespace conv1d::schedules {

void apply_gradients_avx512_few_filters(GradientStages &s, const GradientChoice &choice) {
    gradient_by_vectors_of_filters(s, choice);
}

} // namespace conv1d::schedules
