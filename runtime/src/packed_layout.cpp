#include "packed_layout.h"

#include "conv1d/geometry.h"
#include "schedules/minimal_filter.h"

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
        bias_filter = {size, 1};
        bias_group = {groups, 1};
        bias_block = {block.extent, groups};
        return;
    }
    bias_filter = {size, 1};
    bias_block = {ceil_div(p.filters_per_group(), size), size};
    bias_group = {p.groups, size * bias_block.extent};
    if (schedule.weight_order == WeightOrder::phase_inner) {
        filter = {phase_block, 1};
        tap = {ceil_div(p.taps, p.stride), phase_block};
        channel = {p.channels_per_group(), tap.extent * tap.stride};
        block = {bias_block.extent * ceil_div(p.stride, phase_block), channel.extent * channel.stride};
        group = {p.groups, block.extent * block.stride};
        return;
    }
    const bool minimal = schedule.weight_order == WeightOrder::minimal_filter;
    const bool taps_inner = !minimal && schedule.weight_order != WeightOrder::channel_inner;
    const std::int64_t taps = minimal ? schedules::MinimalFilter::products(p.taps) : p.taps;
    filter = {size, 1};
    tap = {taps, taps_inner ? size : size * p.channels_per_group()};
    channel = {p.channels_per_group(), taps_inner ? size * taps : size};
    block = {bias_block.extent, size * taps * channel.extent};
    group = {p.groups, block.extent * block.stride};
}

} // namespace conv1d
