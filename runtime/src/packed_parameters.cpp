#include "call_context.h"
#include "conv1d/geometry.h"
#include "conv1d/run_kernel.h"
#include "packed_layout.h"
#include "schedules/minimal_filter.h"

#include <algorithm>
#include <new>

namespace conv1d {
namespace {

/// Copies one block of filters, in the order of the layout's channels and taps.
template <class T>
void pack_block(const PackedLayout &to, const WeightsView<T> &from, std::int64_t filters,
                T *packed) noexcept {
    for (std::int64_t c = 0; c < to.channel.extent; c++) {
        for (std::int64_t k = 0; k < to.tap.extent; k++) {
            const T *weights = from.data + c * from.channel + k * from.tap;
            T *place = packed + c * to.channel.stride + k * to.tap.stride;
            for (std::int64_t f = 0; f < filters; f++)
                place[f] = weights[f * from.filter];
        }
    }
}

/// The same of sums of taps: products of minimal filtering by points, of each as many as there are filters of
/// MinimalFilter::taps taps.
template <class T>
void pack_products(const PackedLayout &to, const WeightsView<T> &from, std::int64_t taps,
                   std::int64_t filters, T *packed) noexcept {
    using schedules::MinimalFilter, schedules::minimal_filter;
    const std::int64_t parts = to.tap.extent / MinimalFilter::points;
    for (std::int64_t c = 0; c < to.channel.extent; c++) {
        for (std::int64_t product = 0; product < to.tap.extent; product++) {
            const auto &coefficients = minimal_filter.weights[static_cast<std::size_t>(product / parts)];
            const std::int64_t first = product % parts * MinimalFilter::taps;
            const std::int64_t count = std::min<std::int64_t>(MinimalFilter::taps, taps - first);
            const T *weights = from.data + c * from.channel + first * from.tap;
            T *place = packed + c * to.channel.stride + product * to.tap.stride;
            for (std::int64_t f = 0; f < filters; f++) {
                double sum = 0;
                for (std::int64_t k = 0; k < count; k++)
                    sum += coefficients[static_cast<std::size_t>(k)] *
                           static_cast<double>(weights[f * from.filter + k * from.tap]);
                place[f] = static_cast<T>(sum);
            }
        }
    }
}

/// The same of one filter by phases of a transposed convolution, which are as many as its stride.
template <class T>
void pack_phases(const PackedLayout &to, const WeightsView<T> &from, std::int64_t taps, std::int64_t phases,
                 T *packed) noexcept {
    for (std::int64_t c = 0; c < to.channel.extent; c++) {
        T *place = packed + c * to.channel.stride;
        for (std::int64_t first = 0; first < taps; first += phases, place += to.tap.stride) {
            const T *weights = from.data + c * from.channel + first * from.tap;
            for (std::int64_t phase = 0; phase < std::min(phases, taps - first); phase++)
                place[phase / phase_block * to.block.stride + phase % phase_block] =
                    weights[phase * from.tap];
        }
    }
}

template <class T>
WeightsView<T> layer_view(const Problem &p, const T *weights) noexcept {
    const std::int64_t filters = p.filters_per_group(), channels = p.channels_per_group(), taps = p.taps;
    if (p.operation == Operation::transposed_convolution)
        return {weights, 1, filters * taps, taps, channels * filters * taps};
    return {weights, 1, taps, channels * taps, channels * filters * taps};
}

} // namespace

template <class T>
void PackedParameters<T>::Free::operator()(T *p) const noexcept {
    ::operator delete (p, std::align_val_t{Arena::alignment});
}

template <class T>
PackedParameters<T>::PackedParameters(const Schedule &schedule, const Problem &p, const T *weights,
                                      const T *bias) {
    assign(schedule, p, weights, bias);
}

template <class T>
PackedParameters<T>::PackedParameters(const Schedule &schedule, const Problem &p,
                                      const WeightsView<T> &weights, const T *bias) {
    assign(schedule, p, weights, bias);
}

template <class T>
void PackedParameters<T>::assign(const Schedule &schedule, const Problem &p, const T *weights,
                                 const T *bias) {
    assign(schedule, p, layer_view(p, weights), bias);
}

template <class T>
void PackedParameters<T>::assign(const Schedule &schedule, const Problem &p, const WeightsView<T> &weights,
                                 const T *bias) {
    const PackedLayout layout(schedule, p);
    weight_count_ = static_cast<std::size_t>(layout.weight_count());
    const std::size_t count = weight_count_ + static_cast<std::size_t>(layout.bias_count());
    if (capacity_ < count) {
        capacity_ = 0;
        data_.reset(static_cast<T *>(::operator new (count * sizeof(T), std::align_val_t{Arena::alignment})));
        capacity_ = count;
    }
    std::fill_n(data_.get(), count, T(0));
    const std::int64_t filters = p.filters_per_group(), block = layout.bias_filter.extent;
    const std::int64_t of_filters = layout.block.extent / layout.bias_block.extent; // blocks of weights
    for (std::int64_t g = 0; g < p.groups; g++) {
        for (std::int64_t first = 0; first < filters; first += block) {
            WeightsView<T> from = weights;
            from.data += g * from.group + first * from.filter;
            const std::int64_t in_block = std::min(block, filters - first);
            T *packed =
                data_.get() + first / block * of_filters * layout.block.stride + g * layout.group.stride;
            if (schedule.weight_order == WeightOrder::minimal_filter)
                pack_products(layout, from, p.taps, in_block, packed);
            else if (schedule.weight_order == WeightOrder::phase_inner)
                pack_phases(layout, from, p.taps, p.stride, packed);
            else
                pack_block(layout, from, in_block, packed);
        }
        for (std::int64_t f = 0; bias != nullptr && f < filters; f++) {
            data_[weight_count_ + static_cast<std::size_t>(f % block + f / block * layout.bias_block.stride +
                                                           g * layout.bias_group.stride)] =
                bias[g * filters + f];
        }
    }
}

template class PackedParameters<float>;
template class PackedParameters<double>;

} // namespace conv1d
