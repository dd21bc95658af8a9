#pragma once

#include "conv1d/problem.h"

namespace conv1d::testing {

/// Largest error of a float32 sum of n = channels/groups*taps products and a bias, in any order, with or
/// without fused multiply-adds: gamma(n+1) * magnitude with gamma(m) = m*u / (1 - m*u), u = 2^-24, and an
/// underflow of at most one smallest normal number a term. Higham, Accuracy and Stability of Numerical
/// Algorithms, 2nd ed., 3.1.
inline double tolerance(const Problem &problem, double magnitude) {
    const double terms = static_cast<double>(problem.channels_per_group() * problem.taps) + 1;
    const double mu = terms * 0x1p-24;
    return mu / (1 - mu) * magnitude + terms * 0x1p-126;
}

} // namespace conv1d::testing
