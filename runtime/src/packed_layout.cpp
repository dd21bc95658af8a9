#include "packed_layout.h"

#include "conv1d/geometry.h"
#include "schedules/minimal_filter.h"

#include <algorithm>

namespace conv1d {

PackedLayout::PackedLayout(const Schedule &schedule, const Problem &p) noexcept {
    const std::int64_t size = schedule.tile.filters;
    if (schedule.weight_order == WeightOrder::group_inner) {
        const std::int64_t groups = ceil_div(p.groups, group_block) * group_block;
        filter = {size, 1};
        group = {groups, 1};
        tap = {p.taps, groups};
        channel = {p.channels_per_group(), groups * p.taps};
        block = {p.filters_per_group(), channel.extent * channel.stride};
        bias_group = {groups, 1};
        bias_block = {block.extent, groups};
        return;
    }
    const bool minimal = schedule.weight_order == WeightOrder::minimal_filter;
    const bool taps_inner = !minimal && schedule.weight_order != WeightOrder::channel_inner;
    const std::int64_t taps = minimal ? schedules::MinimalFilter::products(p.taps) : p.taps;
    filter = {size, 1};
    tap = {taps, taps_inner ? size : size * p.channels_per_group()};
    channel = {p.channels_per_group(), taps_inner ? size * taps : size};
    if (schedule.weight_order == WeightOrder::phase_inner) // the last vector of phases may run past them
        channel.stride += ceil_div(p.stride, phase_block) * phase_block - p.stride;
    block = {ceil_div(p.filters_per_group(), size), std::max(size * taps, channel.stride) * channel.extent};
    group = {p.groups, block.extent * block.stride};
    bias_block = {block.extent, size};
    bias_group = {p.groups, size * block.extent};
}

} // namespace conv1d
