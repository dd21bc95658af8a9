#include "schedules/x86/avx512_triple_positions.h"

#include "schedules/families.h"

namespace conv1d::schedules {

void apply_x86_avx512_triple_positions(Stages &s, const Choice &choice) {
    vectors_of_positions(s, choice, avx512_triple_positions_tile);
}

} // namespace conv1d::schedules
