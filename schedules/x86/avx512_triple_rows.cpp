#include "schedules/x86/avx512_triple_rows.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_triple_rows(Stages &s, const Choice &choice) {
    vectors_of_positions_in_rows(s, choice, avx512_triple_rows_tile);
}

} // namespace conv1d::schedules
