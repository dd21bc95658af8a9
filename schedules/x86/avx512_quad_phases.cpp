#include "schedules/x86/avx512_quad_phases.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_quad_phases(Stages &s, const Choice &choice) {
    vectors_of_filters_by_phase(s, choice, avx512_quad_phases_tile);
}

} // namespace conv1d::schedules
