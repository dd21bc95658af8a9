#pragma once

#include "conv1d/kernel.h"
#include "packed_layout.h"

#include <cstdint>

namespace conv1d {

/// How the threads of a call share its outputs.
struct WorkShares {
    /// Calls of the kernel, by as many threads, each for other blocks of filters, or of groups with
    /// WeightOrder::group_inner. 1: one call, whose own loops over observations, groups and positions are
    /// shared.
    int calls = 1;
    /// Register tiles of one task of the kernel's loop along the signal.
    std::int32_t copied_tiles = 1;
};

/// Blocks that calls of the kernel may share.
std::int64_t shared_blocks(const Kernel &kernel, const Problem &problem, const PackedLayout &layout) noexcept;

/// The kernel's loops, unless threads have more equal shares of the blocks, or would each read weights of
/// more than the second cache, and than the input.
WorkShares share_work(const Kernel &kernel, const Problem &problem, const PackedLayout &layout,
                      int threads) noexcept;

} // namespace conv1d
