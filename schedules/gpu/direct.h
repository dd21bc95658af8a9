#pragma once

#include "conv1d/kernel.h"
#include "schedules/predicates.h"
#include "schedules/scratch.h"

namespace conv1d::schedules {

// Both operations and all memory orders on CUDA and OpenCL devices, straight from global memory.
//
// Tile    4 positions x 8 filters = 32 accumulators a thread; blocks of 32 threads along the positions and
//         4 along the blocks of filters.
// Bound   loads: 32 FMAs for 4 inputs and 8 weights, most of them from the L1 cache.
// Speed   not measured
// Loses   nothing: the only one on these targets.
// Memory  no scratch. Every call copies input and weights to the device and the output back, a row at a
//         time where rows lie apart, an element at a time in `strided` order.
inline constexpr Schedule gpu_direct{
    "gpu/direct",
    gpu_direct_tile,
    WeightOrder::tap_inner,
    [](const Problem &) noexcept { return suits; },
    [](const Problem &) noexcept { return std::size_t{0}; },
};

} // namespace conv1d::schedules
