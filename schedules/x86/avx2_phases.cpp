#include "schedules/x86/avx2_phases.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_phases(Stages &s, const Choice &choice) {
    vectors_of_filters_by_phase(s, choice, avx2_phases_tile);
}

} // namespace conv1d::schedules
