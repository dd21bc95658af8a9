#pragma once

#include "conv1d/kernel.h"
#include "schedules/minimal_predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 by minimal filtering in `scb` and `cbt` order for AVX-512, where the layer
// allows it: 32 vector registers of 16 floats.
//
// Tile    48 places of 4 positions: 3 vectors of places x 8 filters = 24 accumulators, for each of 7 points; 3
//         registers for the combined samples, the combined weights are broadcast.
// Bound   FMA throughput: 24 FMAs for 3 loads and 8 broadcasts, 7 for each 4 outputs of 4 taps instead of 16; the
//         sums around them take as long as some 34 FMAs for each channel and filter (50 with a dilation). The
//         combined samples of a copy are to fit the L2 cache.
// Speed   of the definition's FMAs at the FMA peak, 249 GFLOP/s: 144 % (256 channels and filters, 11 taps), 135 %
//         (7 taps), 105 % (3 taps), where direct sums have 69 to 74 %; forward_cost, 2026-11-26.
//         In `cbt` order samples and outputs are moved one by one: 120 % (11 taps), 103 % (7 taps), 62 % (3
//         taps).
// Loses   2, 5 and 6 taps, which leave most of a part of 4 unused; fewer than 64 channels with 3 taps, 32 with 7;
//         dilations above 16.
// Memory  scratch: the combined samples of a copy, a tile's products and sums. Threads: over copies, groups and
//         batch.
inline constexpr Schedule x86_avx512_minimal{
    "x86/avx512_minimal",
    avx512_minimal_tile,
    WeightOrder::minimal_filter,
    [](const Problem &p) noexcept { return unsuited_to_minimal_filtering(p, avx512_minimal_tile); },
    [](const Problem &p) noexcept { return scratch_bytes_of_minimal_filtering(p, avx512_minimal_tile); },
    [](const Problem &p) noexcept { return few_products(p, avx512_minimal_tile); },
};

} // namespace conv1d::schedules
