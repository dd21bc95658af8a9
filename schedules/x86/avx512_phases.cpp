#include "schedules/x86/avx512_phases.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_phases(Stages &s, const Choice &choice) {
    vectors_of_filters_by_phase(s, choice, avx512_phases_tile);
}

} // namespace conv1d::schedules
