#include "schedules/x86/avx512_depthwise.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_depthwise(Stages &s, const Choice &choice) {
    one_filter_of_positions(s, choice, avx512_depthwise_tile);
}

} // namespace conv1d::schedules
