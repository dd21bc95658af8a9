#include "reference.h"

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

} // namespace

Value reference_at(const Problem &p, const float *input, Strides strides, const float *weights,
                   const float *bias, std::int64_t position, std::int64_t filter, std::int64_t batch) {
    const std::int64_t channels = p.channels / p.groups;
    const std::int64_t filters = p.filters / p.groups;
    const std::int64_t group = filter / filters;
    Value sum{0, 0};
    const auto add = [&](double term) {
        sum.value += term;
        sum.magnitude += std::abs(term);
    };
    if (bias != nullptr)
        add(bias[filter]);
    for (std::int64_t c = 0; c < channels; c++) {
        const std::int64_t channel = group * channels + c;
        const std::int64_t row = p.operation == Operation::convolution ? filter * channels + c
                                                                       : channel * filters + filter % filters;
        for (std::int64_t k = 0; k < p.taps; k++) {
            const std::int64_t sample = moved_inside(sample_under(p, position, k), p.length, p.padding_mode);
            const float x =
                sample < 0
                    ? p.padding_value
                    : input[sample * strides.position + channel * strides.channel + batch * strides.batch];
            add(double{weights[row * p.taps + k]} * double{x});
        }
    }
    return sum;
}

} // namespace conv1d::testing
