#pragma once

#include "conv1d/geometry.h"
#include "conv1d/problem.h"

#include <algorithm>
#include <cstdint>

namespace conv1d::detail {

/// Taps first to end - 1.
struct TapRange {
    std::int64_t first, end;
};

/// The taps that are over a sample of the signal for any output, and at times one more on each side: all of
/// them unless the padding is of zeros. At least one.
inline TapRange taps_that_see_the_signal(const Problem &p) noexcept {
    if (p.padding_mode != PaddingMode::constant || p.padding_value != 0)
        return {0, p.taps};
    const std::int64_t first = (p.left - (p.output_length() - 1) * p.stride) / p.dilation;
    const std::int64_t last = ceil_div(p.length - 1 + p.left, p.dilation);
    return {std::clamp<std::int64_t>(first, 0, p.taps - 1), std::clamp<std::int64_t>(last + 1, 1, p.taps)};
}

/// The convolution with these taps only, whose output is as long.
inline Problem with_taps(Problem p, TapRange taps) noexcept {
    p.left -= taps.first * p.dilation;
    p.right -= (p.taps - taps.end) * p.dilation;
    p.taps = taps.end - taps.first;
    return p;
}

} // namespace conv1d::detail
