#include "schedules/x86/avx2_wide_rows.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx2_wide_rows(Stages &s, const Choice &choice) {
    vectors_of_positions_in_rows(s, choice, avx2_wide_rows_tile);
}

} // namespace conv1d::schedules
