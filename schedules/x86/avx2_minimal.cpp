#include "schedules/x86/avx2_minimal.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_minimal(Stages &s, const Choice &choice) {
    minimal_filtering(s, choice, avx2_minimal_tile);
}

} // namespace conv1d::schedules
