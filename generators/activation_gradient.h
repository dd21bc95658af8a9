#pragma once

#include "generators/activation.h"

namespace conv1d {

/// The derivative of activated(kind, x, slope) with respect to x; of relu and leaky_relu at 0 that from
/// below, as PyTorch has it. Written in terms of sigmoids of both signs, because 1 - sigmoid(x) would cancel.
inline Halide::Expr activation_derivative(const Halide::Expr &kind, const Halide::Expr &x,
                                          const Halide::Expr &slope) {
    using namespace activations;
    const auto is = [&](Activation a) { return kind == static_cast<int>(a); };
    const auto number = [&](double value) { return constant(x, value); };
    const double far = x.type().bits() == 64 ? 800 : 110; // beyond, the derivatives are 0 or 1
    const Halide::Expr near = clamp(x, number(-far), number(far));
    // near e^(-near^2/2) / sqrt(2 pi)
    const Halide::Expr square = near * near;
    const Halide::Expr bell =
        near * number(0.39894228040143267794) * exp_of_negative(number(-0.5) * square, number(0));
    const Halide::Expr tail = normal_tail(Halide::min(Halide::abs(x), number(40)));
    const Halide::Expr v = number(0.79788456080286535588) * (near + number(0.044715) * near * square);
    const Halide::Expr v_slope = number(0.79788456080286535588) * (1 + number(3 * 0.044715) * square);
    const Halide::Expr smooth =
        select(is(Activation::gelu), select(x < 0, tail, 1 - tail) + bell, //
               is(Activation::gelu_tanh), sigmoid(2 * v) * (1 + 2 * near * v_slope * sigmoid(-2 * v)),
               is(Activation::silu), sigmoid(x) * (1 + near * sigmoid(-x)), //
               is(Activation::tanh), 4 * sigmoid(2 * x) * sigmoid(-2 * x),  //
               sigmoid(x) * sigmoid(-x));
    return select(is(Activation::none), number(1), //
                  is(Activation::relu), select(x > 0, number(1), number(0)), is(Activation::leaky_relu),
                  select(x > 0, number(1), slope), //
                  Halide::is_nan(x), x, smooth);
}

} // namespace conv1d
