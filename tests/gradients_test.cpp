// backward() of both layers: the adjoint identities, which hold whatever the kernels, and central differences
// through activations.
#include "builtin_targets.h"
#include "gradient_cases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

namespace conv1d::testing {
namespace {

struct Tally {
    int cases = 0, transposed = 0, grouped = 0;
    double worst = 0;
};

/// <y, operation(x)> = <grad_input(y), x> = <grad_weights(x, y), W>; constant padding adds what it
/// contributes.
template <class T>
void check_adjoints(Case<T> &c, Tally &tally) {
    const Problem p = c.layer->problem_for(c.x.format(), c.x.sizes());
    BasicTensor<T> input_gradient(c.x.format(), c.x.sizes());
    std::vector<T> weights_gradient, bias_gradient;
    c.layer->backward(c.x, c.y, {&input_gradient, &weights_gradient, &bias_gradient});
    const std::vector<T> &weights = c.layer->weights();
    const long double forward = dot(c.y, c.layer->forward(c.x));
    const BasicTensor<T> silence(c.x.format(), c.x.sizes());
    const long double of_padding = dot(c.y, c.layer->forward(silence));
    const long double by_input = dot(input_gradient, c.x) + of_padding;
    const long double by_weights =
        dot(weights_gradient.data(), weights.data(), static_cast<std::int64_t>(weights.size()));
    const double mu = roundings(p) * unit_roundoff(p.element);
    const double bound = 2 * mu / (1 - mu) * static_cast<double>(magnitude(c)) + 1e-30;
    const double error =
        static_cast<double>(std::max(std::abs(forward - by_input), std::abs(forward - by_weights)));
    EXPECT_LE(error, bound) << c.text << " on " << to_string(c.layer->target());

    long double sum = 0, size = 0, of_bias = 0;
    for (std::int64_t i = 0; i < c.y.elements(); i++) {
        sum += c.y.data()[i];
        size += std::abs(c.y.data()[i]);
    }
    for (const T b : bias_gradient)
        of_bias += b;
    EXPECT_LE(std::abs(static_cast<double>(sum - of_bias)), 2 * mu / (1 - mu) * static_cast<double>(size))
        << c.text;
    tally.cases++;
    tally.transposed += p.operation == Operation::transposed_convolution;
    tally.grouped += p.groups > 1;
    tally.worst = std::max(tally.worst, error / bound);
}

template <class T>
void run_adjoints(const char *type, int cases_a_target) {
    for (const Target target : builtin_targets()) {
        if (!is_supported(target))
            continue;
        Tally tally;
        Random random(17 + static_cast<unsigned>(target));
        while (tally.cases < cases_a_target && !::testing::Test::HasFailure()) {
            Case<T> c;
            if (!draw(random, c))
                continue;
            c.layer->force_target(target);
            check_adjoints(c, tally);
        }
        std::printf("adjoint identities, %s on %s: %d configurations (%d transposed, %d with groups), worst "
                    "error %.3f "
                    "of the bound\n",
                    type, to_string(target), tally.cases, tally.transposed, tally.grouped, tally.worst);
        EXPECT_EQ(tally.cases, cases_a_target);
    }
}

TEST(Gradients, AreAdjointInFloat64) {
    run_adjoints<double>("float64", 1000);
}

TEST(Gradients, AreAdjointInFloat32) {
    run_adjoints<float>("float32", 1000);
}

// Activations.

const char *const activation_names[] = {"relu", "leaky-relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid"};

/// The central difference of <y, layer(x)> along one number, unless a kink lies within.
template <class Set>
bool difference(Case<double> &c, double value, const Set &set, double &slope) {
    constexpr double step = 0x1p-14;
    const auto at = [&](double moved) {
        set(moved);
        return static_cast<double>(dot(c.y, c.layer->forward(c.x)));
    };
    const double before = at(value - step), here = at(value), after = at(value + step);
    set(value);
    slope = (after - before) / (2 * step);
    const double bend = std::abs(after - 2 * here + before); // step^2 times the second derivative, or a kink
    return bend < 1e-5 * (1 + std::abs(here));
}

TEST(Gradients, ThroughActivationsAreThoseOfCentralDifferences) {
    Random random(11);
    int compared = 0, kinks = 0;
    for (const bool transposed : {false, true}) {
        for (const char *outer : activation_names) {
            for (const char *inner : activation_names) {
                std::vector<Option> options{activation(outer), input_activation(inner), stride(2), groups(2)};
                Case<double> c;
                if (transposed)
                    c.layer = std::make_unique<TransposedConvolution1DLayer64>(3, 4, options);
                else {
                    options.push_back(padding(2, 3));
                    options.push_back(padding_value("symmetric-exclude-edge"));
                    c.layer = std::make_unique<Convolution1DLayer64>(3, 4, options);
                }
                c.x = Tensor64("SCB", {9, 4, 2});
                c.y = Tensor64("SCB", c.layer->output_sizes("SCB", c.x.sizes()));
                random.fill(c.x.data(), c.x.elements());
                random.fill(c.y.data(), c.y.elements());
                c.layer->initialize(c.x);
                Tensor64 input("SCB", c.x.sizes());
                std::vector<double> weights, bias;
                c.layer->backward(c.x, c.y, {&input, &weights, &bias});
                const auto compare = [&](double gradient, double value, const auto &set) {
                    double slope = 0;
                    if (!difference(c, value, set, slope)) {
                        kinks++;
                        return;
                    }
                    // Third derivatives times step^2/6, and roundings over the step.
                    EXPECT_NEAR(gradient, slope, 1e-6 * (1 + std::abs(slope))) << outer << " after " << inner;
                    compared++;
                };
                for (std::int64_t i = 0; i < c.x.elements(); i += 7)
                    compare(input.data()[i], c.x.data()[i], [&](double v) { c.x.data()[i] = v; });
                for (std::size_t i = 0; i < weights.size(); i += 5) {
                    std::vector<double> moved = c.layer->weights();
                    compare(weights[i], moved[i], [&](double v) {
                        moved[i] = v;
                        c.layer->set_weights(moved);
                    });
                }
                for (std::size_t i = 0; i < bias.size(); i++) {
                    std::vector<double> moved = c.layer->bias();
                    compare(bias[i], moved[i], [&](double v) {
                        moved[i] = v;
                        c.layer->set_bias(moved);
                    });
                }
            }
        }
    }
    std::printf("central differences through activations: %d compared, %d with a kink left out\n", compared,
                kinks);
    EXPECT_GT(compared, 20 * kinks);
    EXPECT_GT(compared, 1000);
}

} // namespace
} // namespace conv1d::testing
