#include "schedules/portable/any.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_portable_any(Stages &s, const Choice &choice) {
    one_filter_of_positions(s, choice, portable_any_tile);
}

} // namespace conv1d::schedules
