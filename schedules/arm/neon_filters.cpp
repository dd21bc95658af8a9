#include "schedules/arm/neon_filters.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_arm_neon_filters(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, neon_filters_tile);
}

} // namespace conv1d::schedules
