#include "reference.h"

#include "schedules/minimal_filter.h"
#include "tolerance.h"

#include <algorithm>
#include <cmath>

namespace conv1d::testing {
namespace {

/// The input sample under tap `tap` at output position `position`, before any padding; far outside when there
/// is none.
std::int64_t sample_under(const Problem &p, std::int64_t position, std::int64_t tap) {
    if (p.operation == Operation::convolution)
        return position * p.stride + tap * p.dilation - p.left;
    const std::int64_t spread = position + p.left - tap * p.dilation;
    return spread % p.stride == 0 ? spread / p.stride : -1;
}

/// Moves a position outside of the signal to the sample that the padding repeats there, a reflection at a
/// time.
std::int64_t moved_inside(std::int64_t x, std::int64_t length, PaddingMode mode) {
    while (x < 0 || x >= length) {
        const bool below = x < 0;
        switch (mode) {
        case PaddingMode::constant:
            return -1;
        case PaddingMode::replicate:
            return below ? 0 : length - 1;
        case PaddingMode::symmetric_include_edge:
            x = below ? -1 - x : 2 * length - 1 - x;
            break;
        case PaddingMode::symmetric_exclude_edge:
            x = length == 1 ? 0 : below ? -x : 2 * (length - 1) - x;
            break;
        case PaddingMode::circular:
            x += below ? length : -length;
            break;
        }
    }
    return x;
}

/// A number of the problem as its kernels take it.
double rounded(const Problem &p, double number) {
    return p.element == ElementType::float32 ? double{static_cast<float>(number)} : number;
}

std::int64_t offset(Strides s, std::int64_t position, std::int64_t channel, std::int64_t batch) {
    return position * s.position + channel * s.channel + batch * s.batch;
}

/// What the error of minimal filtering is a multiple of: the sums of the algorithm with every term's absolute
/// value. \param input_at  of a padded sample and a channel of the group
template <class Real, class T, class Input>
Real minimal_magnitude(const Problem &p, const T *weights, std::int64_t position, const Input &input_at) {
    using schedules::MinimalFilter, schedules::minimal_filter;
    constexpr std::int64_t m = MinimalFilter::outputs;
    const std::int64_t period = m * p.dilation, output = position / p.dilation % m;
    const std::int64_t first = position / period * period + position % p.dilation;
    Real sum = 0;
    for (std::int64_t c = 0; c < p.channels_per_group(); c++) {
        for (std::int64_t tap = 0; tap < p.taps; tap += m) {
            for (std::size_t point = 0; point < MinimalFilter::points; point++) {
                Real of_weights = 0, of_input = 0;
                for (std::int64_t k = 0; k < std::min(m, p.taps - tap); k++)
                    of_weights += std::abs(minimal_filter.weights[point][static_cast<std::size_t>(k)] *
                                           weights[c * p.taps + tap + k]);
                for (std::int64_t j = 0; j < MinimalFilter::inputs; j++)
                    of_input += std::abs(minimal_filter.input[point][static_cast<std::size_t>(j)] *
                                         input_at(first + (tap + j) * p.dilation - p.left, c));
                sum += std::abs(minimal_filter.output[static_cast<std::size_t>(output)][point]) * of_weights *
                       of_input;
            }
        }
    }
    return sum;
}

/// What the taps see of a sample of the signal: its value after the input activation, and that one's error.
template <class Real>
struct Sample {
    Real value;
    double units;
};

template <class Real, class T>
Sample<Real> sample_at(const Problem &p, const Arrays<T> &arrays, std::int64_t sample, std::int64_t channel,
                       std::int64_t batch) {
    const Real raw = arrays.input.data[offset(arrays.input.strides, sample, channel, batch)];
    return {activation_value<Real>(p.input_activation, raw, rounded(p, p.input_slope)),
            activation_error_units(p.input_activation, p.element, static_cast<double>(raw))};
}

/// \param samples  called for a sample of the signal, a channel and an observation
template <class Real, class T, class Samples>
Value value_at(const Problem &p, const Arrays<T> &arrays, const Samples &samples, std::int64_t position,
               std::int64_t filter, std::int64_t batch) {
    const std::int64_t channels = p.channels / p.groups;
    const std::int64_t filters = p.filters / p.groups;
    const std::int64_t group = filter / filters;
    const Real padding = rounded(p, p.padding_value);
    Real sum = 0, magnitude = 0;
    double input_units = 0;
    const auto add = [&](Real term) {
        sum += term;
        magnitude += std::abs(term);
    };
    if (arrays.bias != nullptr)
        add(arrays.bias[filter]);
    for (std::int64_t c = 0; c < channels; c++) {
        const std::int64_t channel = group * channels + c;
        const std::int64_t row = p.operation == Operation::convolution ? filter * channels + c
                                                                       : channel * filters + filter % filters;
        for (std::int64_t k = 0; k < p.taps; k++) {
            const std::int64_t sample = moved_inside(sample_under(p, position, k), p.length, p.padding_mode);
            const Sample<Real> x = sample < 0 ? Sample<Real>{padding, 0} : samples(sample, channel, batch);
            input_units = std::max(input_units, x.units);
            add(Real{arrays.weights[row * p.taps + k]} * x.value);
        }
    }
    if (p.minimal_filtering) {
        const auto input_at = [&](std::int64_t place, std::int64_t c) -> Real {
            if (place >= p.length + p.right)
                return 0;
            const std::int64_t sample = moved_inside(place, p.length, p.padding_mode);
            return sample < 0 ? padding : samples(sample, group * channels + c, batch).value;
        };
        magnitude +=
            minimal_magnitude<Real>(p, arrays.weights + filter * channels * p.taps, position, input_at);
    }
    const Real activated = activation_value<Real>(p.activation, sum, rounded(p, p.slope));
    const Real residual =
        p.residual ? Real{arrays.residual.data[offset(arrays.residual.strides, position, filter, batch)]}
                   : Real(0);
    const double sum_error = sum_tolerance(p, static_cast<double>(magnitude), input_units);
    const auto value = static_cast<double>(activated + residual);
    const double rounded = unit_roundoff(ElementType::float64) * std::abs(value); // this value itself
    return {value, rounded + output_tolerance(p, static_cast<double>(sum), sum_error,
                                              static_cast<double>(activated), static_cast<double>(residual))};
}

template <class Real, class T>
Value one_value(const Problem &p, const Arrays<T> &arrays, std::int64_t position, std::int64_t filter,
                std::int64_t batch) {
    return value_at<Real>(
        p, arrays,
        [&](auto sample, auto channel, auto n) { return sample_at<Real>(p, arrays, sample, channel, n); },
        position, filter, batch);
}

template <class Real, class T>
std::vector<Value> all_values(const Problem &p, const Arrays<T> &arrays) {
    std::vector<Sample<Real>> samples; // each is seen by many outputs
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t c = 0; c < p.channels; c++) {
            for (std::int64_t i = 0; i < p.length; i++)
                samples.push_back(sample_at<Real>(p, arrays, i, c, n));
        }
    }
    const Strides dense = dense_strides(MemoryOrder::scb, p.length, p.channels, p.batch);
    const auto made = [&](auto i, auto c, auto n) {
        return samples[static_cast<std::size_t>(offset(dense, i, c, n))];
    };
    std::vector<Value> values;
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t f = 0; f < p.filters; f++) {
            for (std::int64_t i = 0; i < p.output_length(); i++)
                values.push_back(value_at<Real>(p, arrays, made, i, f, n));
        }
    }
    return values;
}

} // namespace

// double has digits enough to check float32, long double to check float64 where it is longer.

template <class T>
Value reference_at(const Problem &p, const Arrays<T> &arrays, std::int64_t position, std::int64_t filter,
                   std::int64_t batch) {
    return p.element == ElementType::float32 ? one_value<double>(p, arrays, position, filter, batch)
                                             : one_value<long double>(p, arrays, position, filter, batch);
}

template <class T>
std::vector<Value> reference_outputs(const Problem &p, const Arrays<T> &arrays) {
    return p.element == ElementType::float32 ? all_values<double>(p, arrays)
                                             : all_values<long double>(p, arrays);
}

template Value reference_at(const Problem &, const Arrays<float> &, std::int64_t, std::int64_t, std::int64_t);
template Value reference_at(const Problem &, const Arrays<double> &, std::int64_t, std::int64_t,
                            std::int64_t);
template std::vector<Value> reference_outputs(const Problem &, const Arrays<double> &);

} // namespace conv1d::testing
