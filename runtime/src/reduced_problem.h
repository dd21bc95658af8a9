#pragma once

#include "conv1d/geometry.h"
#include "conv1d/problem.h"
#include "conv1d/run_kernel.h"

#include <algorithm>
#include <cstdint>
#include <utility>

/// The same outputs by less work: what the kernels of the library are chosen for and given, those of weights'
/// gradients too.
namespace conv1d::detail {

/// Taps first to end - 1.
struct TapRange {
    std::int64_t first, end;
};

/// The taps that are over a sample of the signal for any output, and those without which padding would be
/// less than none: all of them unless the padding is of zeros. At least one.
inline TapRange taps_that_see_the_signal(const Problem &p) noexcept {
    if (p.padding_mode != PaddingMode::constant || p.padding_value != 0)
        return {0, p.taps};
    TapRange seen{0, p.taps}; // divides only where some are left out: this is on the way of every call
    const std::int64_t before = p.left - (p.output_length() - 1) * p.stride;
    if (before > 0)
        seen.first = std::min({ceil_div(before, p.dilation), p.left / p.dilation, p.taps - 1});
    if ((p.taps - 1) * p.dilation - p.left >= p.length)
        seen.end = std::clamp<std::int64_t>(
            std::max((p.length - 1 + p.left) / p.dilation + 1, p.taps - p.right / p.dilation), 1, p.taps);
    return seen;
}

/// The convolution with these taps only, whose output is as long.
inline Problem with_taps(Problem p, TapRange taps) noexcept {
    p.left -= taps.first * p.dilation;
    p.right -= (p.taps - taps.end) * p.dilation;
    p.taps = taps.end - taps.first;
    return p;
}

/// A problem, and how it follows from the one that was asked for.
struct ReducedProblem {
    Problem problem;
    std::int64_t first_tap = 0;      ///< of the taps that are left
    bool batch_is_positions = false; ///< observations of a single position were made the positions of one
};

/// Leaves out the taps of a convolution that see zeros only. What is then one multiplication for each
/// observation of a single position is done for many positions at once, if the memory order lets them lie
/// anywhere.
inline ReducedProblem reduced(const Problem &p) noexcept {
    if (p.operation != Operation::convolution)
        return {p};
    const TapRange seen = taps_that_see_the_signal(p);
    ReducedProblem r{with_taps(p, seen), seen.first};
    Problem &less = r.problem;
    if (less.length == 1 && less.taps == 1 && less.left == 0 && less.right == 0 &&
        less.order != MemoryOrder::scb) {
        r.batch_is_positions = true;
        less.stride = less.dilation = 1;
        std::swap(less.length, less.batch);
    }
    return r;
}

/// The same memory with an observation for each position.
template <class T>
Signal<T> positions_of_observations(Signal<T> signal) noexcept {
    std::swap(signal.strides.position, signal.strides.batch);
    return signal;
}

} // namespace conv1d::detail
