#include "schedules/x86/avx2_far_positions.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_far_positions(Stages &s, const Choice &choice) {
    vectors_of_positions(s, choice, avx2_far_positions_tile);
}

} // namespace conv1d::schedules
