#pragma once

#include "conv1d/kernel.h"
#include "schedules/minimal_predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 by minimal filtering in `scb` order for AVX2 and FMA, where the layer allows
// it: 16 vector registers of 8 floats.
//
// Tile    16 places of 4 positions: 2 vectors of places x 6 filters = 12 accumulators, for each of 7 points; 2
//         registers for the combined samples, 1 for a combined weight.
// Bound   as x86/avx512_minimal.
// Speed   times that of x86/avx2_positions: 1.7 (256 channels and filters, 11 or 7 taps), 1.4 (3 taps); with dilation 5
//         1.5 and 1.2; in turns, 2026-11-26.
// Loses   as x86/avx512_minimal.
// Memory  as x86/avx512_minimal.
inline constexpr Schedule x86_avx2_minimal{
    "x86/avx2_minimal",
    avx2_minimal_tile,
    WeightOrder::minimal_filter,
    [](const Problem &p) noexcept { return unsuited_to_minimal_filtering(p, avx2_minimal_tile); },
    [](const Problem &p) noexcept { return scratch_bytes_of_minimal_filtering(p, avx2_minimal_tile); },
    [](const Problem &p) noexcept { return few_products(p, avx2_minimal_tile); },
};

} // namespace conv1d::schedules
