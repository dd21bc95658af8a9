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

/// The padded input of a convolution: inside the signal its samples; outside, the constant or the sample that
/// the padding mode puts there. Which one that is, is worked out once a call for all channels (`outside`).
struct PaddedInput {
    Halide::Expr left, length;
    Halide::Expr count; ///< padded samples on both sides that some output sees; at least 1
    Halide::Expr mode;

    /// \param seen  samples of the padded input that some output sees
    PaddedInput(const Halide::Expr &left_, const Halide::Expr &length_, const Halide::Expr &seen,
                const Halide::Expr &mode_)
        : left(left_), length(length_), count(Halide::max(Halide::max(left_, seen - length_), 1)),
          mode(mode_) {}

    /// Nothing outside repeats a sample twice.
    Halide::Expr near() const { return count < length; }
    Halide::Expr repeats() const { return mode != static_cast<int>(PaddingMode::constant); }
    Halide::Expr inside(const Halide::Expr &sample) const {
        return sample - left >= 0 && sample - left < length;
    }

    /// Entry `sample` of `outside` stands for sample - left left of the signal, and right of it goes on where
    /// the signal ends.
    Halide::Expr outside_sample(const Halide::Var &sample) const {
        const Halide::Expr x = sample - left;
        return extended_sample(select(sample < left, x, x + length), length, mode, near());
    }

    /// Which sample of the input a padded one is, if `inside`.
    Halide::Expr signal_sample(const Halide::Expr &sample) const {
        return Halide::unsafe_promise_clamped(sample - left, 0, length - 1);
    }
    /// Which sample of the input a padded one repeats, if not.
    Halide::Expr repeated_sample(const Halide::Expr &sample, Halide::Func &outside) const {
        const Halide::Expr place = clamp(select(sample < left, sample, sample - length), 0, count - 1);
        // Clamped, because Halide leaves `outside` unwritten where its value is not used, and still loads
        // with it.
        return clamp(outside(place), 0, length - 1);
    }

    /// \param at  the input's sample at a position
    template <class At>
    Halide::Expr value(const Halide::Expr &sample, Halide::Func &outside, const Halide::Expr &constant,
                       const At &at) const {
        const Halide::Expr x = sample - left;
        return select(Halide::likely(inside(sample)), at(Halide::likely(clamp(x, 0, length - 1))),
                      select(repeats(), at(repeated_sample(sample, outside)), constant));
    }
};

} // namespace conv1d
