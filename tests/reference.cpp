#include "reference.h"

#include <cmath>

namespace conv1d::testing {
namespace {

/// The input sample under tap `tap` at output position `position`; -1 when there is none.
std::int64_t sample_under(const Problem &p, std::int64_t position, std::int64_t tap) {
    if (p.operation == Operation::convolution)
        return position * p.stride + tap * p.dilation - p.left;
    const std::int64_t spread = position + p.left - tap * p.dilation;
    return spread % p.stride == 0 ? spread / p.stride : -1;
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
            const std::int64_t sample = sample_under(p, position, k);
            if (sample < 0 || sample >= p.length)
                continue;
            const float x =
                input[sample * strides.position + channel * strides.channel + batch * strides.batch];
            add(double{weights[row * p.taps + k]} * double{x});
        }
    }
    return sum;
}

} // namespace conv1d::testing
