#pragma once

#include "conv1d/problem.h"

#include <Halide.h>

#include <initializer_list>

/// Activations of one number. For float32 they are approximations without calls, made for vectors; for
/// float64 they call the C library. With u = 2^-24, or 2^-53, and y the exact value, the error is at most
///
///   none, relu                   0
///   leaky_relu                   u |y|
///   sigmoid, tanh                4 u |y|
///   silu                         5 u |y|
///   gelu                         8 u |y|, in float64 (6 + 2 x^2) u |y|
///   gelu_tanh                    (6 + 8 |v|) u |y|   with v = sqrt(2/pi) (x + 0.044715 x^3): e^2v of a
///   rounded v
///
/// and 2^8 times the least normal number, where y is nearly none. A NaN stays one. tests/activations_test.cpp
/// checks these bounds on every binary exponent. The coefficients are fits in the Chebyshev sense of the
/// functions named beside them, relative error below 0.3 u.
namespace conv1d {

namespace activations {

using Halide::Expr;

inline Expr constant(const Expr &like, double value) {
    return Halide::Internal::make_const(like.type(), value);
}

/// Horner's rule, the constant term first.
inline Expr polynomial(const Expr &x, std::initializer_list<float> coefficients) {
    Expr sum;
    for (auto c = std::rbegin(coefficients); c != std::rend(coefficients); ++c)
        sum = sum.defined() ? sum * x + *c : Expr(*c);
    return sum;
}

/// e^(high + low) for high <= 0 and a low that is small beside it; 0 below 2^-126.
inline Expr exp_of_negative(const Expr &high, const Expr &low) {
    if (high.type().bits() == 64)
        return Halide::exp(high + low);
    // Strict wherever n comes in: r and the power are worked out apart, and both have to see the same n.
    const Expr least = -87.33654f;
    const Expr bounded = Halide::strict_float(Halide::max(high, least));
    const Expr n =
        Halide::cast<int>(Halide::strict_float(bounded * 1.44269504f - 0.5f)); // nearest multiple of ln 2
    const Expr ln2_times_n_high = Halide::cast<float>(n) * 0.693145752f;
    const Expr ln2_times_n_low = Halide::cast<float>(n) * 1.42860677e-6f;
    const Expr r =
        Halide::strict_float(((bounded - ln2_times_n_high) - ln2_times_n_low) + low); // in this order
    // (e^r - 1 - r) / r^2
    const Expr tail = polynomial(r, {0.49999994f, 0.16666515f, 0.041668456f, 0.0083694188f, 0.0013813142f});
    const Expr power = Halide::reinterpret<float>((n + 127) << 23);
    return Halide::select(high < least, 0.0f, (r * r * tail + r + 1.0f) * power);
}

/// 1 / (1 + e^-x)
inline Expr sigmoid(const Expr &x) {
    const Expr e = exp_of_negative(-Halide::abs(x), constant(x, 0));
    return Halide::select(x < 0, e, constant(x, 1)) / (e + 1);
}

inline Expr tanh(const Expr &x) {
    if (x.type().bits() == 64)
        return Halide::tanh(x);
    const Expr size = Halide::abs(x), square = x * x;
    // (tanh(x)/x - 1) / x^2 as a polynomial in x^2
    const Expr near_zero =
        x + x * square *
                polynomial(square, {-0.33333263f, 0.13330899f, -0.053692963f, 0.020483306f, -0.0055286246f});
    const Expr e = exp_of_negative(-2.0f * size, 0.0f);
    const Expr far = (1.0f - e) / (1.0f + e);
    return Halide::select(size < 0.625f, near_zero, Halide::select(x < 0, -far, far));
}

/// erfc(size / sqrt(2)) / 2 for size >= 0: the normal distribution's tail.
inline Expr normal_tail(const Expr &size) {
    if (size.type().bits() == 64) {
        const Expr z = size * constant(size, 0.70710678118654752440);
        return constant(size, 0.5) *
               Halide::Internal::Call::make(size.type(), "erfc", {z}, Halide::Internal::Call::PureExtern);
    }
    // The exponent -size^2/2 in two parts, the first exact.
    const Expr head = Halide::reinterpret<float>(Halide::reinterpret<int>(size) & ~0xfff);
    const Expr e = exp_of_negative(-0.5f * head * head, -0.5f * (size - head) * (size + head));
    const Expr z = size * 0.707106781f;
    const Expr t = (z - 2.0f) / (z + 2.0f);
    // (1 + 2z) e^(z^2) erfc(z)
    const Expr scaled =
        polynomial(t, {1.2769784f, -0.09276399f, -0.166031495f, 0.164055496f, -0.054203466f, -0.0080604004f,
                       0.0086285137f, 0.001313079f, -0.0012260949f, -0.00039832768f});
    return 0.5f * e * scaled / (1.0f + 2.0f * z);
}

} // namespace activations

/// The activation of x that `kind` names (a conv1d::Activation). `slope` is leaky_relu's.
inline Halide::Expr activated(const Halide::Expr &kind, const Halide::Expr &x, const Halide::Expr &slope) {
    using namespace activations;
    const auto is = [&](Activation a) { return kind == static_cast<int>(a); };
    // Past where the tails vanish, so that an infinity is not multiplied by 0.
    const Expr bounded = Halide::max(x, constant(x, x.type().bits() == 64 ? -800.0 : -110.0));
    const Expr tail = normal_tail(Halide::min(Halide::abs(x), constant(x, 40)));
    const Expr v =
        constant(x, 0.79788456080286535588) * (bounded + constant(x, 0.044715) * bounded * bounded * bounded);
    const Expr smooth =
        Halide::select(is(Activation::gelu), Halide::select(x < 0, bounded * tail, x * (1 - tail)), //
                       is(Activation::gelu_tanh), bounded * sigmoid(2 * v),                         //
                       is(Activation::silu), bounded * sigmoid(x),                                  //
                       is(Activation::tanh), activations::tanh(x),                                  //
                       sigmoid(x));
    return Halide::select(is(Activation::none), x, //
                          is(Activation::relu),
                          Halide::strict_float(Halide::select(x < 0, constant(x, 0), x)),  //
                          is(Activation::leaky_relu), Halide::select(x < 0, x * slope, x), //
                          Halide::is_nan(x), x, smooth);
}

} // namespace conv1d
