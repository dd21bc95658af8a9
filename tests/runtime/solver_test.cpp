// One layer of one tap: a weight and a bias, so that each step is one that can be made by hand.
#include "conv1d/layers.h"
#include "conv1d/solver.h"
#include "error_of.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace conv1d::testing {
namespace {

using Vector = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

Convolution1DLayer64 layer_with(Vector weights_values, Vector bias_values) {
    const Value filters(static_cast<double>(bias_values.size()));
    return Convolution1DLayer64(1, filters,
                                {weights(std::move(weights_values)), bias(std::move(bias_values))});
}

/// All numbers are sums of few powers of two, and nothing is added that was not asked for.
SolverOptions exact(Method method) {
    SolverOptions options(method);
    options.learn_rate = 0.5;
    options.l2_regularization = 0;
    options.momentum = 0.5;
    options.gradient_decay_factor = 0.5;
    options.squared_gradient_decay_factor = 0.75;
    options.epsilon = 1;
    return options;
}

void step(Solver64 &solver, Convolution1DLayer64 &layer, const Vector &weights_gradient,
          const Vector &bias_gradient) {
    solver.step({{&layer, &weights_gradient, &bias_gradient}});
}

// The methods.

TEST(Solver, SgdmGoesOnWithItsMomentum) {
    Convolution1DLayer64 layer = layer_with({1}, {2});
    Solver64 solver(exact(Method::sgdm));
    step(solver, layer, {0.5}, {-1}); // v = -0.25; v = 0.5
    EXPECT_EQ(layer.weights(), Vector{0.75});
    EXPECT_EQ(layer.bias(), Vector{2.5});
    step(solver, layer, {1}, {0}); // v = -0.125 - 0.5; v = 0.25
    EXPECT_EQ(layer.weights(), Vector{0.125});
    EXPECT_EQ(layer.bias(), Vector{2.75});
    EXPECT_EQ(solver.steps(), 2);
}

TEST(Solver, RmspropDividesByTheRootOfItsMeanSquare) {
    Convolution1DLayer64 layer = layer_with({1}, {0});
    Solver64 solver(exact(Method::rmsprop));
    step(solver, layer, {2}, {0}); // v = 1: 0.5*2/(1 + 1)
    EXPECT_EQ(layer.weights(), Vector{0.5});
    step(solver, layer, {-1}, {0}); // v = 0.75 + 0.25: 0.5*-1/(1 + 1)
    EXPECT_EQ(layer.weights(), Vector{0.75});
    EXPECT_EQ(layer.bias(), Vector{0});
}

TEST(Solver, AdamCorrectsTheBiasOfItsFirstSteps) {
    SolverOptions options = exact(Method::adam);
    options.epsilon = 2;
    Convolution1DLayer64 layer = layer_with({1}, {0});
    Solver64 solver(options);
    step(solver, layer, {2}, {0}); // m = 1, corrected 2; v = 1, corrected 4: 0.5*2/(2 + 2)
    EXPECT_EQ(layer.weights(), Vector{0.75});
    step(solver, layer, {1}, {0}); // m = 1, corrected 4/3; v = 1, corrected 16/7
    const double change = 0.5 * (4. / 3) / (4 / 2.6457513110645905905 + 2);
    EXPECT_NEAR(layer.weights()[0], 0.75 - change, 4 * std::numeric_limits<double>::epsilon());
}

TEST(Solver, FloatsChangeAsDoublesDo) {
    for (const Method method : {Method::sgdm, Method::rmsprop, Method::adam}) {
        SolverOptions options(method);
        options.gradient_threshold = 0.75;
        Convolution1DLayer64 wide = layer_with({1, 0.5}, {-0.25});
        Convolution1DLayer narrow(1, 1, {weights({1, 0.5f}), bias({-0.25f})});
        Solver64 of_wide(options);
        Solver of_narrow(options);
        for (const float g : {1.f, 0.5f, -0.125f}) {
            const std::vector<float> w{g, 0.5f}, b{g};
            step(of_wide, wide, {g, 0.5}, {g});
            of_narrow.step({{&narrow, &w, &b}});
        }
        // A step is below 10 roundings of numbers below 1, and three follow each other.
        for (std::size_t i = 0; i < 2; i++)
            EXPECT_NEAR(narrow.weights()[i], wide.weights()[i], 30 * 6e-8);
        EXPECT_NEAR(narrow.bias()[0], wide.bias()[0], 30 * 6e-8);
    }
}

TEST(Solver, HasTheDefaultsOfItsMethod) {
    EXPECT_EQ(Solver().options().method, Method::sgdm);
    EXPECT_EQ(Solver().options().learn_rate, 0.01);
    EXPECT_EQ(Solver(Method::adam).options().learn_rate, 0.001);
    EXPECT_EQ(Solver(Method::adam).options().squared_gradient_decay_factor, 0.999);
    EXPECT_EQ(Solver(Method::rmsprop).options().squared_gradient_decay_factor, 0.9);
    EXPECT_EQ(Solver(Method::rmsprop).options().l2_regularization, 1e-4);
}

// Factors.

TEST(Semantics4, LearnRateIsTheFactorTimesTheGlobalRate) {
    Convolution1DLayer64 layer = layer_with({1}, {1});
    layer.set_weight_learn_rate_factor(0.25);
    layer.set_bias_learn_rate_factor(4);
    Solver64 solver(exact(Method::sgdm));
    step(solver, layer, {1}, {1});
    EXPECT_EQ(layer.weights(), Vector{0.875});
    EXPECT_EQ(layer.bias(), Vector{-1});
    solver.set_learn_rate(1);
    step(solver, layer, {1}, {1}); // v = -0.0625 - 0.25; v = -1 - 4
    EXPECT_EQ(layer.weights(), Vector{0.5625});
    EXPECT_EQ(layer.bias(), Vector{-6});
}

TEST(Semantics4, L2IsTheFactorTimesTheGlobalOneAndAddedAfterClipping) {
    Convolution1DLayer64 layer = layer_with({8}, {8});
    layer.set_weight_l2_factor(0.5); // the bias's is 0
    SolverOptions options = exact(Method::sgdm);
    options.l2_regularization = 0.25;
    options.gradient_threshold = 2;
    Solver64 solver(options);
    step(solver, layer, {4}, {4}); // 2 + 0.125*8; 2
    EXPECT_EQ(layer.weights(), Vector{6.5});
    EXPECT_EQ(layer.bias(), Vector{7});
    step(solver, layer, {0}, {0}); // v = -0.75 - 0.5*0.125*6.5: the regularization has a part in the momentum
    EXPECT_EQ(layer.weights(), Vector{6.5 - 0.75 - 0.40625});
}

TEST(Semantics4, ALearnRateFactorOf0FreezesBitForBit) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Method method : {Method::sgdm, Method::rmsprop, Method::adam}) {
        Convolution1DLayer64 layer = layer_with({-0.0, nan, 1e-310}, {1});
        const Vector before = layer.weights();
        layer.set_weight_learn_rate_factor(0);
        Solver64 solver(method); // with L2
        step(solver, layer, {1, infinity, nan}, {1});
        EXPECT_EQ(std::memcmp(layer.weights().data(), before.data(), 3 * sizeof(double)), 0);
        EXPECT_NE(layer.bias(), Vector{1});
    }
}

TEST(Solver, AFrozenArrayKeepsItsMomentumAndHasNoPartInTheGlobalNorm) {
    SolverOptions options = exact(Method::sgdm);
    options.gradient_threshold = 4;
    options.threshold_method = ThresholdMethod::global_l2_norm;
    Convolution1DLayer64 layer = layer_with({0}, {0});
    Solver64 solver(options);
    step(solver, layer, {1}, {0}); // v = -0.5
    layer.set_weight_learn_rate_factor(0);
    step(solver, layer, {1000}, {4}); // not scaled
    EXPECT_EQ(layer.weights(), Vector{-0.5});
    EXPECT_EQ(layer.bias(), Vector{-2});
    layer.set_weight_learn_rate_factor(1);
    step(solver, layer, {0}, {0}); // v = -0.25
    EXPECT_EQ(layer.weights(), Vector{-0.75});
}

/// Its first step is corrected as a first one, whenever that is.
TEST(Solver, AdamCountsTheStepsOfEachArray) {
    SolverOptions options = exact(Method::adam);
    options.epsilon = 2;
    Convolution1DLayer64 layer = layer_with({1}, {1});
    layer.set_weight_learn_rate_factor(0);
    Solver64 solver(options);
    step(solver, layer, {2}, {0});
    layer.set_weight_learn_rate_factor(1);
    step(solver, layer, {2}, {0}); // m = 1, corrected 2; v = 1, corrected 4: 0.5*2/(2 + 2)
    EXPECT_EQ(layer.weights(), Vector{0.75});
    EXPECT_EQ(solver.steps(), 2);
}

TEST(Solver, AnArrayWithoutAGradientStays) {
    Convolution1DLayer64 layer = layer_with({1}, {1});
    const Vector gradient{2};
    Solver64 solver(exact(Method::sgdm));
    solver.step({{&layer, nullptr, &gradient}});
    EXPECT_EQ(layer.weights(), Vector{1});
    EXPECT_EQ(layer.bias(), Vector{0});
}

// Clipping.

SolverOptions clipping(ThresholdMethod method) {
    SolverOptions options = exact(Method::sgdm);
    options.learn_rate = 1;
    options.gradient_threshold = 2.5;
    options.threshold_method = method;
    return options;
}

TEST(Solver, ClipsEachArrayByItsNorm) {
    Convolution1DLayer64 layer = layer_with({0, 0}, {0});
    Solver64 solver(clipping(ThresholdMethod::l2_norm));
    step(solver, layer, {3, 4}, {2}); // norms 5 and 2
    EXPECT_EQ(layer.weights(), (Vector{-1.5, -2}));
    EXPECT_EQ(layer.bias(), Vector{-2});
}

TEST(Solver, ClipsAllArraysByTheirNormTogether) {
    Convolution1DLayer64 first = layer_with({0}, {0}), second = layer_with({0}, {0});
    Solver64 solver(clipping(ThresholdMethod::global_l2_norm));
    const Vector three{3}, four{4}, zero{0};
    solver.step({{&first, &three, &zero}, {&second, &zero, &four}});
    EXPECT_EQ(first.weights(), Vector{-1.5});
    EXPECT_EQ(second.bias(), Vector{-2});
}

TEST(Solver, ClipsElements) {
    Convolution1DLayer64 layer = layer_with({0, 0}, {0});
    Solver64 solver(clipping(ThresholdMethod::absolute_value));
    step(solver, layer, {-3, 2}, {4});
    EXPECT_EQ(layer.weights(), (Vector{2.5, -2}));
    EXPECT_EQ(layer.bias(), Vector{-2.5});
}

TEST(Solver, ClipsHugeGradients) {
    Convolution1DLayer64 layer = layer_with({0, 0}, {0});
    Solver64 solver(clipping(ThresholdMethod::l2_norm));
    step(solver, layer, {3e300, 4e300}, {0}); // whose squares are infinite
    EXPECT_NEAR(layer.weights()[0], -1.5, 1e-15);
    EXPECT_NEAR(layer.weights()[1], -2, 1e-15);
}

// Errors.

TEST(Solver, RefusesSettingsOutsideTheirRanges) {
    const auto refusal = [](auto set) {
        SolverOptions options;
        set(options);
        return error_of([&] { Solver solver(options); });
    };
    EXPECT_EQ(refusal([](SolverOptions &o) { o.learn_rate = 0; }),
              "solver: learn_rate is 0; expected a number above 0, and finite");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.l2_regularization = -1; }),
              "solver: l2_regularization is -1; expected a number from 0, and finite");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.momentum = 1; }),
              "solver: momentum is 1; expected a number from 0 to below 1");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.gradient_decay_factor = -0.5; }),
              "solver: gradient_decay_factor is -0.5; expected a number from 0 to below 1");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.squared_gradient_decay_factor = infinity; }),
              "solver: squared_gradient_decay_factor is inf; expected a number from 0 to below 1");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.epsilon = 0; }),
              "solver: epsilon is 0; expected a number above 0, and finite");
    EXPECT_EQ(refusal([](SolverOptions &o) { o.gradient_threshold = 0; }),
              "solver: gradient_threshold is 0; expected a number above 0");
    EXPECT_EQ(error_of([] { Solver().set_learn_rate(infinity); }),
              "solver: learn_rate is inf; expected a number above 0, and finite");
}

TEST(Solver, RefusesWhatItCannotApplyAndChangesNothing) {
    Convolution1DLayer64 layer = layer_with({1}, {1}), empty(1, 1);
    layer.set_name("first");
    Solver64 solver(exact(Method::sgdm));
    const Vector one{1}, two{1, 1}, nan{std::numeric_limits<double>::quiet_NaN()};
    const auto refusal = [&](const std::vector<Update64> &updates) {
        return error_of([&] { solver.step(updates); });
    };
    EXPECT_EQ(refusal({{}}), "solver: update 0 has no layer; expected one of its own");
    EXPECT_EQ(refusal({{&layer, &one, &one}, {&layer, &one, &one}}),
              "solver: update 1 has the layer of an earlier one; expected one of its own");
    EXPECT_EQ(refusal({{&layer, &one, &two}}),
              "convolution1dLayer 'first': bias gradient has 2 elements; expected 1, as the bias");
    EXPECT_EQ(refusal({{&layer, &one, &nan}}),
              "convolution1dLayer 'first': bias gradient is nan at element 0; expected finite numbers");
    EXPECT_EQ(refusal({{&empty, &one, &one}}), "convolution1dLayer: weights gradient has no weights to "
                                               "change; expected an initialized layer");
    EXPECT_EQ(layer.weights(), Vector{1});
    EXPECT_EQ(layer.bias(), Vector{1});
    EXPECT_EQ(solver.steps(), 0);

    step(solver, layer, one, one);
    EXPECT_EQ(refusal({}), "solver: 0 layers; expected 1, as in the first step");
    Convolution1DLayer64 wider = layer_with({1, 1}, {1});
    EXPECT_EQ(refusal({{&wider, &two, &one}}),
              "convolution1dLayer: weights gradient has 2 elements; expected 1, as in earlier steps");
    EXPECT_EQ(solver.steps(), 1);
}

} // namespace
} // namespace conv1d::testing
