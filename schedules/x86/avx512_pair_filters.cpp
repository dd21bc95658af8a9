#include "schedules/x86/avx512_pair_filters.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_pair_filters(Stages &s, const Choice &choice) {
    vectors_of_filters(s, choice, avx512_pair_filters_tile);
}

} // namespace conv1d::schedules
