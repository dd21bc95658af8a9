#include "schedules/x86/avx512_quad_filters.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_quad_filters(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, avx512_quad_filters_tile);
}

} // namespace conv1d::schedules
