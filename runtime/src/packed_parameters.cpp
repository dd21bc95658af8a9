#include "call_context.h"
#include "conv1d/geometry.h"
#include "conv1d/run_kernel.h"
#include "packed_layout.h"

#include <algorithm>
#include <new>

namespace conv1d {
namespace {

/// Copies one filter's taps of every channel from the layer's order to its place in its block.
template <class T>
void pack_filter(const PackedLayout &to, const Problem &p, std::int64_t group, std::int64_t filter,
                 const T *from, T *packed) noexcept {
    const std::int64_t channels = to.channel.extent;
    const std::int64_t filters = p.filters_per_group();
    const std::int64_t block = to.filter.extent;
    packed += filter % block + filter / block * to.block.stride + group * to.group.stride;
    for (std::int64_t c = 0; c < channels; c++) {
        const std::int64_t row = p.operation == Operation::transposed_convolution
                                     ? (group * channels + c) * filters + filter
                                     : (group * filters + filter) * channels + c;
        for (std::int64_t k = 0; k < p.taps; k++)
            packed[k * to.tap.stride + c * to.channel.stride] = from[row * p.taps + k];
    }
}

} // namespace

PackedLayout::PackedLayout(const Schedule &schedule, const Problem &p) noexcept {
    const std::int64_t size = schedule.filter_block;
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
    const bool taps_inner = schedule.weight_order == WeightOrder::tap_inner;
    filter = {size, 1};
    tap = {p.taps, taps_inner ? size : size * p.channels_per_group()};
    channel = {p.channels_per_group(), taps_inner ? size * p.taps : size};
    block = {ceil_div(p.filters_per_group(), size), size * p.taps * channel.extent};
    group = {p.groups, block.extent * block.stride};
    bias_block = {block.extent, size};
    bias_group = {p.groups, size * block.extent};
}

template <class T>
void PackedParameters<T>::Free::operator()(T *p) const noexcept {
    ::operator delete (p, std::align_val_t{Arena::alignment});
}

template <class T>
PackedParameters<T>::PackedParameters(const Schedule &schedule, const Problem &p, const T *weights,
                                      const T *bias) {
    const PackedLayout layout(schedule, p);
    weight_count_ = static_cast<std::size_t>(layout.weight_count());
    const std::size_t count = weight_count_ + static_cast<std::size_t>(layout.bias_count());
    void *memory = ::operator new (count * sizeof(T), std::align_val_t{Arena::alignment});
    data_.reset(static_cast<T *>(memory));
    std::fill_n(data_.get(), count, T(0));
    for (std::int64_t g = 0; g < p.groups; g++) {
        for (std::int64_t f = 0; f < p.filters_per_group(); f++) {
            pack_filter(layout, p, g, f, weights, data_.get());
            if (bias != nullptr) {
                const std::int64_t block = layout.filter.extent;
                data_[weight_count_ +
                      static_cast<std::size_t>(f % block + f / block * layout.bias_block.stride +
                                               g * layout.bias_group.stride)] =
                    bias[g * p.filters_per_group() + f];
            }
        }
    }
}

template class PackedParameters<float>;
template class PackedParameters<double>;

} // namespace conv1d
