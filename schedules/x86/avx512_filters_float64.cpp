#include "schedules/x86/avx512_filters_float64.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_filters_float64(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, avx512_filters_float64_tile);
}

} // namespace conv1d::schedules
