#include "schedules/x86/avx2_phase_vectors.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_phase_vectors(Stages &s, const Choice &choice) {
    vectors_of_phases(s, choice, avx2_phase_vectors_tile);
}

} // namespace conv1d::schedules
