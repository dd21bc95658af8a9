#pragma once

#include "conv1d/problem.h"

#include <Halide.h>

namespace conv1d {

/// The sample of a signal of `length` that stands at position x of its extension: clamped, mirrored with
/// period 2*length (edge included) or 2*(length-1) (excluded), or periodic. 0 for constant padding, which has
/// none. \param near  true if x is at most length-1 outside of the signal: then nothing is divided
inline Halide::Expr extended_sample(const Halide::Expr &x, const Halide::Expr &length,
                                    const Halide::Expr &padding_mode, const Halide::Expr &near) {
    const auto is = [&](PaddingMode mode) { return padding_mode == static_cast<int>(mode); };
    const auto wrapped = [&](const Halide::Expr &period) {
        return select(near, select(x < 0, x + period, x >= period, x - period, x), x % period);
    };
    const auto mirrored = [&](const Halide::Expr &period, const Halide::Expr &turn) {
        const Halide::Expr place = wrapped(period);
        return select(place < length, place, turn - place);
    };
    const Halide::Expr inner_period = Halide::max(2 * length - 2, 1);
    return select(is(PaddingMode::replicate), clamp(x, 0, length - 1),                           //
                  is(PaddingMode::symmetric_include_edge), mirrored(2 * length, 2 * length - 1), //
                  is(PaddingMode::symmetric_exclude_edge), mirrored(inner_period, inner_period), //
                  wrapped(length));
}

} // namespace conv1d
