#include "schedules/x86/avx2_phase_positions.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_phase_positions(Stages &s, const Choice &choice) {
    vectors_of_positions_by_phase(s, choice, avx2_phase_positions_tile);
}

} // namespace conv1d::schedules
