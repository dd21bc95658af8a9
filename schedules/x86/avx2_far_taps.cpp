#include "schedules/x86/avx2_far_taps.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_far_taps(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, avx2_far_taps_tile);
}

} // namespace conv1d::schedules
