// Section 4 of the layers' meaning: parameters, their sizes and first values.
#include "conv1d/display.h"

#include "layer_values.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace conv1d {
namespace {

using testing::error_of;
using testing::output_of;
using testing::values;
using Floats = std::vector<float>;

/// Weights of a layer of 25 taps, 8 channels and 500 filters: 100000 values.
Floats many(const char *initializer, int seed_number = 0) {
    Convolution1DLayer layer(25, 500, {weights_initializer(initializer), seed(seed_number)});
    layer.initialize("SCB", {100, 8, 1});
    return layer.weights();
}

/// Mean of the k-th powers.
double moment(const Floats &v, int k) {
    double sum = 0;
    for (const float x : v)
        sum += std::pow(double{x}, k);
    return sum / static_cast<double>(v.size());
}

/// The k-th moment of n samples has variance (m_2k - m_k^2)/n; six of its standard deviations are passed by
/// chance once in 5e8, and the seed is fixed.
void expect_moment(const Floats &v, int k, double m_k, double m_2k) {
    const double deviation = std::sqrt((m_2k - m_k * m_k) / static_cast<double>(v.size()));
    EXPECT_NEAR(moment(v, k), m_k, 6 * deviation) << "moment " << k;
}

/// The largest distance of the samples' distribution from a cumulative one is passed by chance as rarely:
/// P(sqrt(n) D > z) is about 2 exp(-2 z^2), 2e-9 at z = 3.22 (Kolmogorov).
template <class Cumulative>
void expect_distribution(Floats v, Cumulative cumulative) {
    std::sort(v.begin(), v.end());
    const auto n = static_cast<double>(v.size());
    double distance = 0;
    for (std::size_t i = 0; i < v.size(); i++) {
        const double expected = cumulative(double{v[i]});
        distance = std::max(
            {distance, expected - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - expected});
    }
    EXPECT_LE(distance * std::sqrt(n), 3.22);
}

void expect_normal(const Floats &v, double sigma) {
    expect_distribution(v, [&](double x) { return std::erfc(-x / sigma / std::sqrt(2.0)) / 2; });
    expect_moment(v, 1, 0, sigma * sigma);
    expect_moment(v, 2, std::pow(sigma, 2), 3 * std::pow(sigma, 4));
    expect_moment(v, 3, 0, 15 * std::pow(sigma, 6));
    expect_moment(v, 4, 3 * std::pow(sigma, 4), 105 * std::pow(sigma, 8));
}

TEST(Semantics4, ConvolutionWeightsAreThoseOfPyTorch) {
    // Conv1d.weight of 2 filters, 2 channels, 2 taps: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]].
    Convolution1DLayer layer(2, 2, {weights({1, 2, 3, 4, 5, 6, 7, 8})});
    Tensor x("SC", {2, 2});
    x.data()[0] = 1;
    x.data()[1] = 10;
    x.data()[2] = 100;
    x.data()[3] = 1000;
    EXPECT_EQ(values(layer.forward(x)), (Floats{1 + 20 + 300 + 4000, 5 + 60 + 700 + 8000}));
}

TEST(Semantics4, TransposedWeightsAreThoseOfPyTorch) {
    // ConvTranspose1d.weight of 2 channels, 2 filters, 2 taps: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]].
    TransposedConvolution1DLayer layer(2, 2, {weights({1, 2, 3, 4, 5, 6, 7, 8})});
    Tensor x("SC", {1, 2});
    x.data()[0] = 1;
    x.data()[1] = 10;
    EXPECT_EQ(values(layer.forward(x)), (Floats{51, 62, 73, 84}));
}

TEST(Semantics4, BiasIsOneValuePerFilter) {
    EXPECT_EQ(output_of(Convolution1DLayer(1, 2, {weights({1, 2}), bias({10, 20})}), {1, 2}),
              (Floats{11, 12, 22, 24}));
}

TEST(Semantics4, AnInitializerRunsOnlyWhereTheArrayIsEmpty) {
    Convolution1DLayer layer(1, 2, {weights({3, 4}), weights_initializer("ones"), bias_initializer("ones")});
    layer.initialize("SC", {5, 1});
    EXPECT_EQ(layer.weights(), (Floats{3, 4}));
    EXPECT_EQ(layer.bias(), (Floats{1, 1}));
    layer.set_bias({7, 8});
    layer.initialize("SC", {5, 1});
    EXPECT_EQ(layer.bias(), (Floats{7, 8}));
}

TEST(Semantics4, Glorot) {
    const double bound = std::sqrt(6.0 / (25 * 8 + 25 * 500));
    const Floats v = many("glorot");
    expect_distribution(v, [&](double x) { return (x / bound + 1) / 2; });
    for (const float x : v)
        ASSERT_LE(std::abs(x), bound * (1 + 0x1p-24));
    for (int k = 1; k <= 4; k++) {
        const auto power = [&](int n) { return n % 2 == 0 ? std::pow(bound, n) / (n + 1) : 0.0; };
        expect_moment(v, k, power(k), power(2 * k));
    }
}

TEST(Semantics4, He) {
    expect_normal(many("he"), std::sqrt(2.0 / (25 * 8)));
}

TEST(Semantics4, NarrowNormal) {
    expect_normal(many("narrow-normal"), 0.01);
}

TEST(Semantics4, ZerosAndOnes) {
    EXPECT_EQ(many("zeros"), Floats(100000, 0.0f));
    EXPECT_EQ(many("ones"), Floats(100000, 1.0f));
}

TEST(Semantics4, NumInAndNumOutOfTheTransposedLayer) {
    // numIn = K*C and numOut = K*F, so that the bound is that of the convolution.
    TransposedConvolution1DLayer layer(25, 500, {weights_initializer("he")});
    layer.initialize("SCB", {100, 8, 1});
    expect_normal(layer.weights(), std::sqrt(2.0 / (25 * 8)));
}

TEST(Semantics4, AFunctionGetsTheSize) {
    std::vector<Sizes> asked;
    const auto count_up = [&](const Sizes &size) {
        asked.push_back(size);
        std::int64_t count = 1;
        for (const std::int64_t extent : size)
            count *= extent;
        Floats made(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < made.size(); i++)
            made[i] = static_cast<float>(i);
        return made;
    };
    Convolution1DLayer conv(3, 4, {weights_initializer(count_up), bias_initializer(count_up)});
    conv.initialize("SCB", {10, 2, 1});
    TransposedConvolution1DLayer transposed(3, 4, {weights_initializer(count_up)});
    transposed.initialize("SCB", {10, 2, 1});
    EXPECT_EQ(asked, (std::vector<Sizes>{{3, 2, 4}, {1, 4}, {3, 4, 2}}));
    EXPECT_EQ(conv.bias(), (Floats{0, 1, 2, 3}));
    EXPECT_EQ(conv.weights().back(), 23);
}

TEST(Semantics4, AFunctionMustReturnThatSize) {
    Convolution1DLayer layer(3, 4,
                             {weights_initializer([](const Sizes &) {
                                  return Floats{1, 2};
                              }),
                              name("c")});
    EXPECT_EQ(
        error_of([&] {
            layer.initialize("SCB", {10, 2, 1});
        }),
        "convolution1dLayer 'c': WeightsInitializer returned 2 values; expected 24 for the size [3 2 4]");
    EXPECT_TRUE(layer.weights().empty());
}

TEST(Semantics4, TheGeneratorIsSeedable) {
    EXPECT_EQ(many("he", 5), many("he", 5));
    EXPECT_NE(many("he", 5), many("he", 6));
    EXPECT_EQ(many("he"), many("he", 0));
    Convolution1DLayer layer(1, 8, {weights_initializer("narrow-normal"), bias_initializer("narrow-normal")});
    layer.initialize("SC", {5, 1});
    EXPECT_NE(layer.weights(), layer.bias()) << "one sequence for both";
}

Floats first_four(const Floats &v) {
    return Floats(v.begin(), v.begin() + 4);
}

/// The numbers are also those of a second program, written from the two publications.
TEST(Semantics4, TheGeneratorGivesTheSameNumbersEverywhere) {
    EXPECT_EQ(first_four(many("glorot")),
              (Floats{-0.0157058127f, 0.0204794742f, -0.00965791941f, 0.0175016355f}));
    EXPECT_EQ(first_four(many("narrow-normal")),
              (Floats{-0.00277832872f, -0.00172982679f, 0.00642399676f, 0.000305900612f}));
    EXPECT_EQ(first_four(many("he")), (Floats{-0.0277832877f, -0.0172982682f, 0.0642399713f, 0.0030590063f}));
    Convolution1DLayer layer(1, 4, {bias_initializer("narrow-normal")});
    layer.initialize("SC", {5, 1});
    EXPECT_EQ(layer.bias(), (Floats{0.0180221014f, -0.00329184276f, -0.000421350618f, -0.0089767389f}));
}

TEST(Semantics4, TheFirstForwardInitializesLikewise) {
    const std::vector<Option> options{seed(3), bias_initializer("narrow-normal")};
    Convolution1DLayer initialized(3, 4, options), run(3, 4, options), prepared(3, 4, options);
    initialized.initialize("SC", {10, 2});
    (void)run.forward(Tensor("SC", {10, 2}));
    prepared.prepare("SC", {10, 2});
    for (const Convolution1DLayer *layer : {&run, &prepared}) {
        EXPECT_EQ(layer->weights(), initialized.weights());
        EXPECT_EQ(layer->bias(), initialized.bias());
    }
    run.set_weights(Floats(24, 1.0f));
    (void)run.forward(Tensor("SC", {10, 2}));
    EXPECT_EQ(run.weights(), Floats(24, 1.0f));
    run.set_weights({});
    (void)run.forward(Tensor("SC", {10, 2}));
    EXPECT_EQ(run.weights(), initialized.weights());
}

TEST(Semantics4, AFailedInitializeChangesNothing) {
    const auto too_short = [](const Sizes &) { return Floats(3); };
    const auto failing = [](const Sizes &) -> Floats { throw std::runtime_error("mine"); };
    TransposedConvolution1DLayer layer(3, 4, {bias_initializer(too_short)});
    Tensor y("SC", {12, 4});
    std::fill_n(y.data(), y.elements(), 7.0f);
    EXPECT_EQ(error_of([&] {
                  layer.forward(Tensor("SC", {10, 2}), y);
              }),
              "transposedConv1dLayer: BiasInitializer returned 3 values; expected 4 for the size [1 4]");
    EXPECT_EQ(std::count(y.data(), y.data() + y.elements(), 7.0f), y.elements());
    EXPECT_TRUE(layer.weights().empty());
    EXPECT_EQ(layer.num_channels(), std::nullopt);
    Convolution1DLayer other(3, 4, {bias_initializer(failing)});
    EXPECT_THROW(other.initialize("SC", {10, 2}), std::runtime_error);
    EXPECT_TRUE(other.weights().empty());
}

TEST(Semantics4, LearnablesAreExactlyWeightsAndBias) {
    Convolution1DLayer layer(3, 4);
    layer.initialize("SCB", {10, 2, 1});
    EXPECT_EQ(layer.weights().size(), 24u);
    EXPECT_EQ(layer.bias().size(), 4u);
    std::ostringstream text;
    print(text, layer);
    const std::string group = "   Learnable Parameters\n           Weights: [3x2x4 single]\n"
                              "              Bias: [1x4 single]\n\n";
    EXPECT_NE(text.str().find(group), std::string::npos) << text.str();
}

TEST(Semantics4, ParametersMayBeChangedAndAreUsed) {
    Convolution1DLayer layer(1, 1, {weights({2})});
    EXPECT_EQ(output_of(layer, {1, 2}), (Floats{2, 4}));
    layer.set_weights({3});
    layer.set_bias({1});
    EXPECT_EQ(output_of(layer, {1, 2}), (Floats{4, 7}));
}

} // namespace
} // namespace conv1d
