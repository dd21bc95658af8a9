#include "schedules/arm/neon_positions.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_arm_neon_positions(Stages &s, const Choice &choice) {
    vectors_of_positions(s, choice, neon_positions_tile);
}

} // namespace conv1d::schedules
