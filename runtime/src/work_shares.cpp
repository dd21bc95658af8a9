#include "work_shares.h"

#include "conv1d/geometry.h"
#include "schedules/minimal_filter.h"
#include "schedules/scratch.h"

#include <algorithm>

namespace conv1d {
namespace {

/// Register tiles along the signal, and the most of them that are one task.
struct Tiles {
    std::int64_t all, of_a_task;
};

Tiles tiles_of(const Schedule &schedule, const Problem &p) noexcept {
    const Tile &tile = schedule.tile;
    const bool minimal = schedule.weight_order == WeightOrder::minimal_filter; // sees to the cache itself
    const std::int64_t positions =
        minimal ? schedules::whole_positions(tile.positions, p.dilation) : tile.positions;
    const std::int64_t all = std::max<std::int64_t>(ceil_div(schedules::tiled_positions(p), positions), 1);
    return {all, minimal ? std::min<std::int64_t>(tile.copied, all)
                         : schedules::copied_tiles(p, tile, schedule.input_copy)};
}

/// The part of all pieces that the thread with most of them has.
double largest_share(std::int64_t pieces, int threads) noexcept {
    return static_cast<double>(ceil_div(pieces, threads)) / static_cast<double>(pieces);
}

/// Its register tile takes several vectors of groups, which a part of a block might not fill: the last block
/// has the rest, too.
bool needs_whole_blocks(const Schedule &schedule) noexcept {
    return schedule.weight_order == WeightOrder::group_inner && schedule.group_vectors > 1;
}

/// The same of shared_blocks().
double largest_share_of_blocks(const Schedule &schedule, const Problem &p, std::int64_t blocks,
                               int threads) noexcept {
    const double share = largest_share(blocks, threads);
    if (!needs_whole_blocks(schedule) || blocks == 1)
        return share;
    const std::int64_t calls = std::min<std::int64_t>(threads, blocks);
    const std::int64_t last = p.groups - quotient(blocks * (calls - 1), calls) * group_block;
    return std::max(share * static_cast<double>(blocks * group_block), static_cast<double>(last)) /
           static_cast<double>(p.groups);
}

/// Weights from which on each thread had better read its own only, as the second cache may not hold all.
constexpr double many_weights_bytes = 1 << 20;

/// The weights are many, and more than the input, which each of the calls for blocks of filters would read.
bool reads_mostly_weights(const Problem &p, const PackedLayout &layout) noexcept {
    double weights = static_cast<double>(element_size(p.element));
    for (const Dimension &index : layout.weights())
        weights *= static_cast<double>(index.extent);
    const double input =
        static_cast<double>(p.length * p.channels * p.batch) * static_cast<double>(element_size(p.element));
    return weights > many_weights_bytes && weights > input;
}

} // namespace

std::int64_t shared_blocks(const Kernel &kernel, const Problem &p, const PackedLayout &layout) noexcept {
    if (kernel.fixed != nullptr)
        return 1; // computes all of its layer
    if (kernel.schedule->weight_order == WeightOrder::group_inner)
        return needs_whole_blocks(*kernel.schedule)
                   ? std::max<std::int64_t>(quotient(p.groups, group_block), 1)
                   : quotient(layout.group.extent, group_block);
    return layout.group.extent == 1 ? layout.bias_block.extent : 1;
}

WorkShares share_work(const Kernel &kernel, const Problem &p, const PackedLayout &layout,
                      int threads) noexcept {
    const Tiles tiles = tiles_of(*kernel.schedule, p);
    const auto most = static_cast<std::int32_t>(tiles.of_a_task);
    if (threads == 1)
        return {1, most};
    const bool loops_over_groups = p.groups > 1 && kernel.schedule->weight_order != WeightOrder::group_inner;
    // The first loop that has several turns is the one that threads share.
    const std::int64_t turns = p.batch > 1 ? p.batch : loops_over_groups ? p.groups : tiles.all;
    const std::int64_t blocks = is_gpu(kernel.target) ? 1 : shared_blocks(kernel, p, layout);
    const double share = largest_share(turns, threads);
    const double share_of_blocks = largest_share_of_blocks(*kernel.schedule, p, blocks, threads);
    // Each call copies its input again, an estimate; reading its own weights only is worth 1.02 to 1.13 times
    // (encodec24_down_r8, 8 MB of weights, AMD EPYC, 2026-11-28).
    const double as_good = reads_mostly_weights(p, layout) ? 1.05 : 0.9;
    if (share_of_blocks < as_good * share)
        return {static_cast<int>(std::min<std::int64_t>(threads, blocks)), most};
    if (p.batch > 1 || loops_over_groups)
        return {1, most};
    const std::int64_t tasks = ceil_div(ceil_div(tiles.all, tiles.of_a_task), threads) * threads;
    return {1, static_cast<std::int32_t>(ceil_div(tiles.all, tasks))};
}

} // namespace conv1d
