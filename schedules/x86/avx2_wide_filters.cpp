#include "schedules/x86/avx2_wide_filters.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_wide_filters(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, avx2_wide_filters_tile);
}

} // namespace conv1d::schedules
