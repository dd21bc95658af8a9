#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Dense convolution of stride 1 in `scb` order for AVX2 and FMA: 16 vector registers of 8 floats, 2 FMAs a
// cycle.
//
// Tile    2 vectors of positions x 6 filters = 12 accumulators; 2 registers for the input, 1 for the weight.
// Bound   FMA throughput: 12 FMAs for 2 loads and 6 broadcasts, 4 loads less than the two load ports give.
// Speed   512 channels and filters, 3 taps: 81 % of the FMA peak, 72 % if copies of the input are larger than the
//         second cache; 256, pointwise: 77 % (in turns on a busy AMD EPYC without AVX-512, 2026-11-27).
// Loses   fewer than 3 filters, fewer than 8 positions, large dilations (the copy spans them).
// Memory  scratch: one copied tile a thread. Threads: over tiles and batch.
inline constexpr Schedule x86_avx2_positions{
    "x86/avx2_positions",
    avx2_positions_tile,
    WeightOrder::tap_inner,
    [](const Problem &p) noexcept { return avx2_convolutions[0].rejection(p); },
    [](const Problem &p) noexcept { return scratch_bytes(p, avx2_positions_tile); },
    [](const Problem &p) noexcept { return yields(p, avx2_convolutions, avx2_convolutions[0]); },
};

} // namespace conv1d::schedules
