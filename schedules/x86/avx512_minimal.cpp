#include "schedules/x86/avx512_minimal.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_minimal(Stages &s, const Choice &choice) {
    minimal_filtering(s, choice, avx512_minimal_tile);
}

} // namespace conv1d::schedules
