#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

inline constexpr Schedule x86_avx512_minimal{
    "x86/avx512_minimal",
    avx512_minimal_tile.positions,
    avx512_minimal_tile.filters,
    avx512_minimal_tile.copied,
    WeightOrder::minimal_filter,
    [](const Problem &p) noexcept { return unsuited_to_minimal_filtering(p, avx512_minimal_tile); },
    [](const Problem &p) noexcept { return scratch_bytes_of_minimal_filtering(p, avx512_minimal_tile); },
};

} // namespace conv1d::schedules
