// Sections 1 and 2 of the layers' meaning: the operation, and the options with their defaults and domains.
#include "layer_values.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <limits>

namespace conv1d {
namespace {

using testing::conv_error;
using testing::error_of;
using testing::output_of;
using testing::transposed_error;
using Floats = std::vector<float>;

std::int64_t conv_length(std::int64_t length, std::int64_t taps, const std::vector<Option> &options) {
    return Convolution1DLayer(taps, 1, options).output_sizes("SC", {length, 1})[0];
}
std::int64_t transposed_length_of(std::int64_t length, std::int64_t taps,
                                  const std::vector<Option> &options) {
    return TransposedConvolution1DLayer(taps, 1, options).output_sizes("SC", {length, 1})[0];
}

// 1. The operation.

TEST(Semantics1, ConvolutionDoesNotFlipTheFilter) {
    EXPECT_EQ(output_of(Convolution1DLayer(3, 1, {weights({1, 10, 100}), bias({0.5f})}), {1, 2, 3, 4}),
              (Floats{321.5f, 432.5f}));
}

TEST(Semantics1, TransposedConvolutionSpreadsEachInput) {
    EXPECT_EQ(output_of(TransposedConvolution1DLayer(3, 1, {stride(2), weights({1, 10, 100}), bias({0.5f})}),
                        {1, 2}),
              (Floats{1.5f, 10.5f, 102.5f, 20.5f, 200.5f}));
}

TEST(Semantics1, TransposedIsTheAdjointOfTheConvolution) {
    // <y, conv(x)> = <transposed(y), x> for the same weights, in integers, so exactly.
    const Floats taps{3, -1, 4, 1, -5};
    const Floats x{2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4};
    const Floats y{1, -6, 1, 8};
    const Floats cx = output_of(Convolution1DLayer(5, 1, {stride(2), weights(taps)}), x);
    const Floats ty = output_of(TransposedConvolution1DLayer(5, 1, {stride(2), weights(taps)}), y);
    ASSERT_EQ(cx.size(), y.size());
    ASSERT_EQ(ty.size(), x.size());
    double left = 0, right = 0;
    for (std::size_t i = 0; i < y.size(); i++)
        left += double{y[i]} * double{cx[i]};
    for (std::size_t i = 0; i < x.size(); i++)
        right += double{x[i]} * double{ty[i]};
    EXPECT_EQ(left, right);
    EXPECT_NE(left, 0);
}

TEST(Semantics1, BiasOncePerOutput) {
    EXPECT_EQ(output_of(TransposedConvolution1DLayer(4, 1, {weights({0, 0, 0, 0}), bias({7})}), {1, 1, 1}),
              (Floats(6, 7)));
}

TEST(Semantics1, ConvolutionLength) {
    for (std::int64_t length = 1; length < 12; length++) {
        for (std::int64_t s = 1; s < 4; s++) {
            for (std::int64_t d = 1; d < 3; d++) {
                const std::int64_t slack = length + 2 + 3 - (2 * d + 1);
                ASSERT_GE(slack, 0);
                EXPECT_EQ(conv_length(length, 3, {stride(s), dilation_factor(d), padding(2, 3)}),
                          slack / s + 1);
            }
        }
    }
}

TEST(Semantics1, SameAndCausalLengths) {
    for (std::int64_t length = 1; length < 12; length++) {
        for (std::int64_t s = 1; s < 5; s++) {
            const std::int64_t expected = (length + s - 1) / s;
            EXPECT_EQ(conv_length(length, 3, {stride(s), padding("same"), dilation_factor(2)}), expected);
            EXPECT_EQ(conv_length(length, 3, {stride(s), padding("causal"), dilation_factor(2)}), expected);
        }
    }
}

TEST(Semantics1, TransposedLength) {
    EXPECT_EQ(transposed_length_of(10, 5, {stride(3)}), 9 * 3 + 5);
    EXPECT_EQ(transposed_length_of(10, 5, {stride(3), cropping(2, 1)}), 9 * 3 + 5 - 3);
    EXPECT_EQ(transposed_length_of(10, 5, {stride(3), cropping("same")}), 30);
}

TEST(Semantics1, DilationAddsNoParameters) {
    Convolution1DLayer layer(3, 1, {dilation_factor(4), weights({1, 10, 100})});
    EXPECT_EQ(layer.weights().size(), 3u);
    EXPECT_EQ(output_of(layer, {1, 2, 3, 4, 5, 6, 7, 8, 9}), (Floats{951}));
}

TEST(Semantics1, StrideAndDilationTogether) {
    EXPECT_EQ(output_of(Convolution1DLayer(2, 1, {stride(2), dilation_factor(3), weights({1, 10})}),
                        {1, 2, 3, 4, 5, 6}),
              (Floats{41, 63}));
}

// 2. Options.

TEST(Semantics2, FilterSize) {
    EXPECT_EQ(Convolution1DLayer(7, 2).filter_size(), 7);
    EXPECT_EQ(TransposedConvolution1DLayer(7, 2).filter_size(), 7);
    EXPECT_EQ(error_of([] { Convolution1DLayer(0, 2); }),
              "convolution1dLayer: FilterSize is 0; expected a positive integer");
    EXPECT_EQ(error_of([] { TransposedConvolution1DLayer(2.5, 2); }),
              "transposedConv1dLayer: FilterSize is 2.5; expected a positive integer");
}

TEST(Semantics2, NumFilters) {
    EXPECT_EQ(Convolution1DLayer(7, 2).num_filters(), 2);
    EXPECT_EQ(TransposedConvolution1DLayer(7, 2).num_filters(), 2);
    EXPECT_EQ(error_of([] { Convolution1DLayer(7, -2); }),
              "convolution1dLayer: NumFilters is -2; expected a positive integer");
}

TEST(Semantics2, Stride) {
    EXPECT_EQ(Convolution1DLayer(3, 4).stride(), 1);
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {stride(5)}).stride(), 5);
    EXPECT_EQ(conv_error({stride(0)}), "convolution1dLayer: Stride is 0; expected a positive integer");
}

TEST(Semantics2, DilationFactor) {
    EXPECT_EQ(Convolution1DLayer(3, 4).dilation_factor(), 1);
    EXPECT_EQ(Convolution1DLayer(3, 4, {dilation_factor(9)}).dilation_factor(), 9);
    EXPECT_EQ(conv_error({dilation_factor(1.5)}),
              "convolution1dLayer: DilationFactor is 1.5; expected a positive integer");
}

TEST(Semantics2, Padding) {
    EXPECT_EQ(Convolution1DLayer(3, 4).padding_size(10), (Ends{0, 0}));
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding(2)}).padding_size(10), (Ends{2, 2}));
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding(2, 5)}).padding_size(10), (Ends{2, 5}));
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding("same")}).padding_mode(), EndsMode::same);
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding("causal")}).padding_mode(), EndsMode::causal);
    EXPECT_EQ(conv_error({padding({1, 2, 3})}), "convolution1dLayer: Padding is [1 2 3]; expected 'same', "
                                                "'causal', or one or two nonnegative integers");
}

TEST(Semantics2, PaddingValue) {
    EXPECT_EQ(Convolution1DLayer(3, 4).padding_value_mode(), PaddingMode::constant);
    EXPECT_EQ(Convolution1DLayer(3, 4).padding_value(), 0);
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding_value(-2.5)}).padding_value(), -2.5);
    for (const PaddingMode mode : {PaddingMode::replicate, PaddingMode::symmetric_include_edge,
                                   PaddingMode::symmetric_exclude_edge, PaddingMode::circular}) {
        EXPECT_EQ(Convolution1DLayer(3, 4, {padding_value(padding_value_name(mode))}).padding_value_mode(),
                  mode);
    }
    EXPECT_EQ(conv_error({padding_value("mirror")}),
              "convolution1dLayer: PaddingValue is 'mirror'; expected a finite number, "
              "'symmetric-include-edge', 'symmetric-exclude-edge', 'replicate' or 'circular'");
    EXPECT_EQ(Convolution1DLayer(3, 4, {padding_value(0.1)}).padding_value(), 0.1);
}

TEST(Semantics2, Cropping) {
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4).cropping_size(10), (Ends{0, 0}));
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {cropping(1)}).cropping_size(10), (Ends{1, 1}));
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {cropping(1, 0)}).cropping_size(10), (Ends{1, 0}));
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {cropping("same")}).cropping_mode(), EndsMode::same);
    EXPECT_EQ(
        transposed_error({cropping("causal")}),
        "transposedConv1dLayer: Cropping is 'causal'; expected 'same', or one or two nonnegative integers");
}

TEST(Semantics2, NumChannels) {
    EXPECT_EQ(Convolution1DLayer(3, 4).num_channels(), std::nullopt);
    EXPECT_EQ(Convolution1DLayer(3, 4, {num_channels("auto")}).num_channels(), std::nullopt);
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {num_channels(6)}).num_channels(), 6);
    EXPECT_EQ(conv_error({num_channels("many")}),
              "convolution1dLayer: NumChannels is 'many'; expected 'auto' or a positive integer");
}

TEST(Semantics2, WeightsInitializer) {
    EXPECT_EQ(Convolution1DLayer(3, 4).weights_initializer(), "glorot");
    for (const char *known : {"glorot", "he", "narrow-normal", "zeros", "ones"})
        EXPECT_EQ(Convolution1DLayer(3, 4, {weights_initializer(known)}).weights_initializer(), known);
    EXPECT_EQ(Convolution1DLayer(3, 4, {weights_initializer([](const Sizes &) { return Floats{}; })})
                  .weights_initializer(),
              "function");
    EXPECT_EQ(conv_error({weights_initializer("xavier")}),
              "convolution1dLayer: WeightsInitializer is 'xavier'; expected 'glorot', 'he', 'narrow-normal', "
              "'zeros', "
              "'ones' or a function");
}

TEST(Semantics2, BiasInitializer) {
    EXPECT_EQ(TransposedConvolution1DLayer(3, 4).bias_initializer(), "zeros");
    for (const char *known : {"zeros", "narrow-normal", "ones"})
        EXPECT_EQ(TransposedConvolution1DLayer(3, 4, {bias_initializer(known)}).bias_initializer(), known);
    EXPECT_EQ(
        transposed_error({bias_initializer("glorot")}),
        "transposedConv1dLayer: BiasInitializer is 'glorot'; expected 'zeros', 'narrow-normal', 'ones' or a "
        "function");
}

TEST(Semantics2, WeightsAndBias) {
    const Convolution1DLayer empty(2, 2);
    EXPECT_TRUE(empty.weights().empty());
    EXPECT_TRUE(empty.bias().empty());
    const Convolution1DLayer layer(2, 2, {weights({1, 2, 3, 4}), bias({5, 6})});
    EXPECT_EQ(layer.weights(), (Floats{1, 2, 3, 4}));
    EXPECT_EQ(layer.bias(), (Floats{5, 6}));
}

TEST(Semantics2, LearnRateFactors) {
    const Convolution1DLayer layer(3, 4);
    EXPECT_EQ(layer.weight_learn_rate_factor(), 1);
    EXPECT_EQ(layer.bias_learn_rate_factor(), 1);
    TransposedConvolution1DLayer other(3, 4, {weight_learn_rate_factor(0), bias_learn_rate_factor(2.5)});
    EXPECT_EQ(other.weight_learn_rate_factor(), 0);
    EXPECT_EQ(other.bias_learn_rate_factor(), 2.5);
    other.set_weight_learn_rate_factor(3);
    EXPECT_EQ(other.weight_learn_rate_factor(), 3);
}

TEST(Semantics2, L2Factors) {
    const TransposedConvolution1DLayer layer(3, 4);
    EXPECT_EQ(layer.weight_l2_factor(), 1);
    EXPECT_EQ(layer.bias_l2_factor(), 0);
    Convolution1DLayer other(3, 4, {weight_l2_factor(0.5), bias_l2_factor(1)});
    EXPECT_EQ(other.weight_l2_factor(), 0.5);
    EXPECT_EQ(other.bias_l2_factor(), 1);
    other.set_bias_l2_factor(0);
    EXPECT_EQ(other.bias_l2_factor(), 0);
}

TEST(Semantics2, Name) {
    EXPECT_EQ(Convolution1DLayer(3, 4).name(), "");
    TransposedConvolution1DLayer layer(3, 4, {name("up")});
    EXPECT_EQ(layer.name(), "up");
    layer.set_name("down");
    EXPECT_EQ(layer.name(), "down");
}

TEST(Semantics2, ReadOnlyFacts) {
    const Convolution1DLayer conv(3, 4);
    const TransposedConvolution1DLayer transposed(3, 4);
    for (const Layer *layer : {static_cast<const Layer *>(&conv), static_cast<const Layer *>(&transposed)}) {
        EXPECT_EQ(layer->num_inputs(), 1);
        EXPECT_EQ(layer->input_names(), std::vector<std::string>{"in"});
        EXPECT_EQ(layer->num_outputs(), 1);
        EXPECT_EQ(layer->output_names(), std::vector<std::string>{"out"});
    }
    EXPECT_STREQ(to_string(conv.padding_mode()), "manual");
    EXPECT_STREQ(to_string(transposed.cropping_mode()), "manual");
}

TEST(Semantics2, PaddingSizeIsOfTheLengthForSame) {
    const Convolution1DLayer same(4, 1, {stride(3), padding("same")});
    EXPECT_EQ(same.padding_size(9), (Ends{0, 1}));
    EXPECT_EQ(same.padding_size(10), (Ends{1, 2}));
    EXPECT_EQ(Convolution1DLayer(4, 1, {dilation_factor(5), padding("causal")}).padding_size(9),
              (Ends{15, 0}));
}

TEST(Semantics2, OptionsInAnyOrder) {
    const Convolution1DLayer a(3, 4, {stride(2), padding("same"), name("n"), padding_value(1)});
    const Convolution1DLayer b(3, 4,
                               {{"PaddingValue", 1}, {"Name", "n"}, {"Padding", "same"}, {"Stride", 2}});
    EXPECT_EQ(a.problem_for("SCB", {9, 2, 1}), b.problem_for("SCB", {9, 2, 1}));
    EXPECT_EQ(a.name(), b.name());
}

template <class Layer1D>
constexpr bool hyperparameters_can_be_set = requires(Layer1D layer) {
    layer.set_filter_size(1);
}
|| requires(Layer1D layer) {
    layer.set_num_filters(1);
}
|| requires(Layer1D layer) {
    layer.set_num_channels(1);
}
|| requires(Layer1D layer) {
    layer.set_stride(1);
}
|| requires(Layer1D layer) {
    layer.set_dilation_factor(1);
}
|| requires(Layer1D layer) {
    layer.set_padding(1);
}
|| requires(Layer1D layer) {
    layer.set_padding_value(1);
}
|| requires(Layer1D layer) {
    layer.set_cropping(1);
};

TEST(Semantics2, HyperparametersAreFixedAndTheRestCanBeChanged) {
    EXPECT_FALSE(hyperparameters_can_be_set<Convolution1DLayer>);
    EXPECT_FALSE(hyperparameters_can_be_set<TransposedConvolution1DLayer>);
    Convolution1DLayer layer(1, 2);
    layer.set_weights({1, 2});
    layer.set_bias({3, 4});
    layer.set_name("new");
    layer.set_weight_learn_rate_factor(5);
    layer.set_bias_learn_rate_factor(6);
    layer.set_weight_l2_factor(7);
    layer.set_bias_l2_factor(8);
    EXPECT_EQ(layer.weights(), (Floats{1, 2}));
    EXPECT_EQ(layer.bias(), (Floats{3, 4}));
    EXPECT_EQ(layer.name(), "new");
    EXPECT_EQ(layer.weight_learn_rate_factor(), 5);
    EXPECT_EQ(layer.bias_learn_rate_factor(), 6);
    EXPECT_EQ(layer.weight_l2_factor(), 7);
    EXPECT_EQ(layer.bias_l2_factor(), 8);
}

TEST(Semantics2, AnOptionGivenTwiceIsAnError) {
    EXPECT_EQ(conv_error({stride(2), {"Stride", 2}}),
              "convolution1dLayer: option 'Stride' is given twice; expected once");
}

} // namespace
} // namespace conv1d
