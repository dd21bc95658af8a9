#pragma once

#include "activation_reference.h"
#include "conv1d/problem.h"

#include <algorithm>
#include <limits>

namespace conv1d::testing {

/// Unit roundoff: 2^-24 or 2^-53.
inline double unit_roundoff(ElementType element) {
    return element == ElementType::float32 ? 0x1p-24 : 0x1p-53;
}

/// Least normal number.
inline double least_normal(ElementType element) {
    return element == ElementType::float32 ? 0x1p-126 : std::numeric_limits<double>::min();
}

/// Largest error of a sum of n = channels/groups*taps products and a bias, in any order, with or without
/// fused multiply-adds: gamma(n+1) * magnitude with gamma(m) = m*u / (1 - m*u), and an underflow of at most
/// one smallest normal number a term. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.1.
/// Each input may be off by `input_units` u besides, from its activation. Minimal filtering: of the
/// magnitude of its own terms, with a product for each channel and each MinimalFilter::taps taps, the sums of
/// 7 terms before and after them, and the rounding of the combined weights; these are fewer than terms + 20.
inline double sum_tolerance(const Problem &problem, double magnitude, double input_units = 0) {
    const double terms = static_cast<double>(problem.channels_per_group() * problem.taps) + 1 +
                         (problem.minimal_filtering ? 20 : 0);
    const double mu = (terms + input_units) * unit_roundoff(problem.element);
    return mu / (1 - mu) * magnitude + terms * least_normal(problem.element);
}

/// Largest error of an activation whose exact value has this size.
inline double activation_error(Activation kind, ElementType element, double x, double size) {
    if (kind == Activation::none)
        return 0;
    return activation_error_units(kind, element, x) * unit_roundoff(element) * size +
           0x1p8 * least_normal(element);
}

/// Largest error of activation(sum) + residual, the sum being off by sum_error: what the activation makes of
/// that, its own error (2^-118 where its value is nearly no normal number), and the rounding of the addition.
inline double output_tolerance(const Problem &problem, double sum, double sum_error, double activated,
                               double residual) {
    const double u = unit_roundoff(problem.element);
    double error = activation_lipschitz(problem.activation, problem.slope) * sum_error;
    error += activation_error(problem.activation, problem.element, std::abs(sum) + sum_error,
                              std::abs(activated) + error);
    if (problem.residual)
        error += u * (std::abs(activated) + error + std::abs(residual));
    return error;
}

} // namespace conv1d::testing
