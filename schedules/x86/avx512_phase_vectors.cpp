#include "schedules/x86/avx512_phase_vectors.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_phase_vectors(Stages &s, const Choice &choice) {
    vectors_of_phases(s, choice, avx512_phase_vectors_tile);
}

} // namespace conv1d::schedules
