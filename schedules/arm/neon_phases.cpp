#include "schedules/arm/neon_phases.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_arm_neon_phases(Stages &s, const Choice &choice) {
    vectors_of_filters_by_phase(s, choice, neon_phases_tile);
}

} // namespace conv1d::schedules
