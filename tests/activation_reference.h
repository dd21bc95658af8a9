#pragma once

#include "conv1d/problem.h"

#include <cmath>
#include <limits>

namespace conv1d::testing {

/// An activation by its definition, in the precision of Real.
template <class Real>
Real activation_value(Activation kind, Real x, Real slope) {
    const auto sigmoid = [](Real v) {
        return v < 0 ? std::exp(v) / (1 + std::exp(v)) : 1 / (1 + std::exp(-v));
    };
    const Real pi = std::acos(Real(-1));
    switch (kind) {
    case Activation::none:
        return x;
    case Activation::relu:
        return x < 0 ? Real(0) : x;
    case Activation::leaky_relu:
        return x < 0 ? slope * x : x;
    case Activation::gelu: // x times the normal distribution function
        return std::isinf(x) ? (x < 0 ? Real(0) : x) : x * (std::erfc(-x / std::sqrt(Real(2))) / 2);
    case Activation::gelu_tanh: { // (1 + tanh(v)) / 2 is sigmoid(2v)
        const Real v = std::sqrt(2 / pi) * (x + Real(0.044715L) * x * x * x);
        return std::isinf(v) ? (x < 0 ? Real(0) : x) : x * sigmoid(2 * v);
    }
    case Activation::silu:
        return std::isinf(x) && x < 0 ? Real(0) : x * sigmoid(x);
    case Activation::tanh:
        return std::tanh(x);
    case Activation::sigmoid:
        return sigmoid(x);
    }
    return std::numeric_limits<Real>::quiet_NaN();
}

/// Its derivative. Of relu and leaky_relu at 0, that from below.
template <class Real>
Real activation_derivative_value(Activation kind, Real x, Real slope) {
    const auto sigmoid = [](Real v) { return activation_value<Real>(Activation::sigmoid, v, 0); };
    const Real pi = std::acos(Real(-1));
    switch (kind) {
    case Activation::none:
        return 1;
    case Activation::relu:
        return x > 0 ? Real(1) : Real(0);
    case Activation::leaky_relu:
        return x > 0 ? Real(1) : slope;
    case Activation::gelu:
        return std::erfc(-x / std::sqrt(Real(2))) / 2 + x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
    case Activation::gelu_tanh: {
        const Real v = std::sqrt(2 / pi) * (x + Real(0.044715L) * x * x * x);
        const Real v_slope = std::sqrt(2 / pi) * (1 + 3 * Real(0.044715L) * x * x);
        return sigmoid(2 * v) * (1 + 2 * x * v_slope * sigmoid(-2 * v));
    }
    case Activation::silu:
        return sigmoid(x) * (1 + x * sigmoid(-x));
    case Activation::tanh:
        return 4 * sigmoid(2 * x) * sigmoid(-2 * x);
    case Activation::sigmoid:
        return sigmoid(x) * sigmoid(-x);
    }
    return std::numeric_limits<Real>::quiet_NaN();
}

/// The stated bound of an activation's error (generators/activation.h) in units of u |value|.
inline double activation_error_units(Activation kind, ElementType element, double x) {
    switch (kind) {
    case Activation::gelu:
        return element == ElementType::float32 ? 8 : 6 + 2 * x * x;
    case Activation::none:
    case Activation::relu:
        return 0;
    case Activation::leaky_relu:
        return 1;
    case Activation::silu:
        return 5;
    case Activation::gelu_tanh:
        return 6 + 8 * std::abs(0.79788456 * (x + 0.044715 * x * x * x));
    default:
        return 4;
    }
}

/// The largest slope of an activation: what an error of its argument is multiplied by at most.
inline double activation_lipschitz(Activation kind, double slope) {
    switch (kind) {
    case Activation::leaky_relu:
        return std::fmax(1, std::abs(slope));
    case Activation::gelu:
    case Activation::gelu_tanh:
        return 1.13;
    case Activation::silu:
        return 1.1;
    default:
        return 1;
    }
}

} // namespace conv1d::testing
