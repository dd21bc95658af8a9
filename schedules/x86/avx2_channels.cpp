#include "schedules/x86/avx2_channels.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_channels(Stages &s, const Choice &choice) {
    vectors_of_groups_in_place(s, choice, avx2_channels_tile);
}

} // namespace conv1d::schedules
