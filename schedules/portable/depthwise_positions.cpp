#include "schedules/portable/depthwise_positions.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_portable_depthwise_positions(Stages &s, const Choice &choice) {
    one_filter_of_positions(s, choice, depthwise_positions_tile);
}

} // namespace conv1d::schedules
