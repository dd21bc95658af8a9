#include "schedules/x86/avx512_channels.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_channels(Stages &s, const Choice &choice) {
    vectors_of_groups_in_place(s, choice, avx512_channels_tile);
}

} // namespace conv1d::schedules
