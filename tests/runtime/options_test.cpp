// Options: both ways of writing them, in any order, and every sentence about a wrong one.
#include "conv1d/layers.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace conv1d {
namespace {

using testing::error_of;

std::string conv_error(const Value &filter_size, const std::vector<Option> &options) {
    return error_of([&] { Convolution1DLayer(filter_size, 2, options); });
}
std::string conv_error(const std::vector<Option> &options) {
    return conv_error(3, options);
}
std::string transposed_error(const std::vector<Option> &options) {
    return error_of([&] { TransposedConvolution1DLayer(3, 2, options); });
}

TEST(Options, ConvolutionDefaults) {
    const Convolution1DLayer conv(11, 96);
    EXPECT_EQ(conv.filter_size(), 11);
    EXPECT_EQ(conv.num_filters(), 96);
    EXPECT_EQ(conv.num_channels(), std::nullopt);
    EXPECT_EQ(conv.stride(), 1);
    EXPECT_EQ(conv.dilation_factor(), 1);
    EXPECT_STREQ(to_string(conv.padding_mode()), "manual");
    EXPECT_EQ(conv.padding_size(100), (Ends{0, 0}));
    EXPECT_EQ(conv.name(), "");
    EXPECT_TRUE(conv.weights().empty());
    EXPECT_TRUE(conv.bias().empty());
    EXPECT_EQ(conv.threads(), 1);
}

TEST(Options, TransposedDefaults) {
    const TransposedConvolution1DLayer conv(11, 96);
    EXPECT_EQ(conv.filter_size(), 11);
    EXPECT_EQ(conv.num_filters(), 96);
    EXPECT_EQ(conv.num_channels(), std::nullopt);
    EXPECT_EQ(conv.stride(), 1);
    EXPECT_STREQ(to_string(conv.cropping_mode()), "manual");
    EXPECT_EQ(conv.cropping_size(100), (Ends{0, 0}));
}

TEST(Options, NamesAndFunctionsSayTheSameInAnyOrder) {
    const Convolution1DLayer text(3, 2,
                                  {{"Name", "a"}, {"Stride", 4}, {"Padding", {3, 4}}, {"DilationFactor", 2}});
    const Convolution1DLayer typed(3, 2, {padding(3, 4), dilation_factor(2), name("a"), stride(4)});
    for (const Convolution1DLayer *conv : {&text, &typed}) {
        EXPECT_EQ(conv->name(), "a");
        EXPECT_EQ(conv->stride(), 4);
        EXPECT_EQ(conv->padding_size(100), (Ends{3, 4}));
        EXPECT_EQ(conv->dilation_factor(), 2);
    }
}

TEST(Options, PaddingForms) {
    EXPECT_EQ(Convolution1DLayer(3, 2, {padding(5)}).padding_size(9), (Ends{5, 5}));
    EXPECT_EQ(Convolution1DLayer(3, 2, {padding({5, 6})}).padding_size(9), (Ends{5, 6}));
    const Convolution1DLayer causal(3, 2, {padding("causal"), dilation_factor(4)});
    EXPECT_STREQ(to_string(causal.padding_mode()), "causal");
    EXPECT_EQ(causal.padding_size(9), (Ends{8, 0}));
    const Convolution1DLayer same(4, 2, {padding("same"), stride(3)});
    EXPECT_STREQ(to_string(same.padding_mode()), "same");
    EXPECT_EQ(same.padding_size(9), (Ends{0, 1}));
    EXPECT_EQ(same.padding_size(10), (Ends{1, 2}));
}

TEST(Options, CroppingForms) {
    EXPECT_EQ(TransposedConvolution1DLayer(3, 2, {cropping(1)}).cropping_size(9), (Ends{1, 1}));
    EXPECT_EQ(TransposedConvolution1DLayer(3, 2, {cropping(0, 2)}).cropping_size(9), (Ends{0, 2}));
    const TransposedConvolution1DLayer same(6, 2, {cropping("same"), stride(3)});
    EXPECT_STREQ(to_string(same.cropping_mode()), "same");
    EXPECT_EQ(same.cropping_size(9), (Ends{1, 2}));
    EXPECT_EQ(TransposedConvolution1DLayer(2, 2, {cropping("same"), stride(5)}).cropping_size(9),
              (Ends{0, -3}));
}

TEST(Options, SameExtraMovesTheOddSample) {
    EXPECT_EQ(Convolution1DLayer(2, 1, {padding("same")}).padding_size(9), (Ends{0, 1}));
    EXPECT_EQ(Convolution1DLayer(2, 1, {padding("same"), same_extra(OddEnd::left)}).padding_size(9),
              (Ends{1, 0}));
    EXPECT_EQ(Convolution1DLayer(2, 1, {padding("same"), {"SameExtra", "right"}}).padding_size(9),
              (Ends{0, 1}));
    const TransposedConvolution1DLayer left(2, 1, {cropping("same"), {"SameExtra", "left"}});
    EXPECT_EQ(left.cropping_size(9), (Ends{1, 0}));
}

TEST(Options, ChannelsComeFromTheOptionOrTheWeights) {
    EXPECT_EQ(Convolution1DLayer(3, 2, {num_channels(5)}).num_channels(), 5);
    EXPECT_EQ(Convolution1DLayer(3, 2, {num_channels("auto")}).num_channels(), std::nullopt);
    EXPECT_EQ(Convolution1DLayer(3, 2, {weights(std::vector<float>(24))}).num_channels(), 4);
    TransposedConvolution1DLayer later(3, 2);
    later.set_weights(std::vector<float>(30));
    EXPECT_EQ(later.num_channels(), 5);
    later.set_weights({});
    EXPECT_EQ(later.num_channels(), 5);
}

TEST(Options, WeightsAndBiasMayBeListed) {
    const Convolution1DLayer conv(1, 2, {{"Weights", {1.5, 2.5}}, {"Bias", {3, 4}}});
    EXPECT_EQ(conv.weights(), (std::vector<float>{1.5f, 2.5f}));
    EXPECT_EQ(conv.bias(), (std::vector<float>{3, 4}));
}

TEST(OptionErrors, AreOfOneSentenceThatNamesTheLayer) {
    EXPECT_EQ(conv_error({stride(0), name("conv1")}),
              "convolution1dLayer 'conv1': Stride is 0; expected a positive integer");
    EXPECT_EQ(conv_error({stride(0)}), "convolution1dLayer: Stride is 0; expected a positive integer");
    EXPECT_EQ(transposed_error({stride(0), name("up")}),
              "transposedConv1dLayer 'up': Stride is 0; expected a positive integer");
    EXPECT_EQ(conv_error({{"Name", 3}}), "convolution1dLayer: Name is 3; expected text");
}

TEST(OptionErrors, UnknownAndRepeatedNames) {
    EXPECT_EQ(
        conv_error({{"Strid", 2}}),
        "convolution1dLayer: option 'Strid' is unknown; expected one of DilationFactor, Padding, "
        "PaddingValue, Filtering, Stride, Groups, Activation, ActivationSlope, InputActivation, "
        "InputActivationSlope, NumChannels, SameExtra, Weights, Bias, WeightsInitializer, BiasInitializer, "
        "Seed, WeightLearnRateFactor, BiasLearnRateFactor, WeightL2Factor, BiasL2Factor, Name");
    EXPECT_EQ(transposed_error({padding(1)}),
              "transposedConv1dLayer: option 'Padding' is unknown; expected one of Cropping, "
              "DilationFactor, OutputPadding, Stride, Groups, Activation, ActivationSlope, InputActivation, "
              "InputActivationSlope, NumChannels, SameExtra, Weights, Bias, WeightsInitializer, "
              "BiasInitializer, Seed, "
              "WeightLearnRateFactor, BiasLearnRateFactor, WeightL2Factor, BiasL2Factor, Name");
    EXPECT_EQ(transposed_error({padding_value(1)}),
              "transposedConv1dLayer: option 'PaddingValue' is unknown; expected one of Cropping, "
              "DilationFactor, OutputPadding, Stride, Groups, Activation, ActivationSlope, InputActivation, "
              "InputActivationSlope, NumChannels, SameExtra, Weights, Bias, WeightsInitializer, "
              "BiasInitializer, Seed, "
              "WeightLearnRateFactor, BiasLearnRateFactor, WeightL2Factor, BiasL2Factor, Name");
    EXPECT_EQ(conv_error({stride(2), padding(1), {"Stride", 2}}),
              "convolution1dLayer: option 'Stride' is given twice; expected once");
}

TEST(OptionErrors, Sizes) {
    EXPECT_EQ(conv_error(0, {}), "convolution1dLayer: FilterSize is 0; expected a positive integer");
    EXPECT_EQ(conv_error(2.5, {}), "convolution1dLayer: FilterSize is 2.5; expected a positive integer");
    EXPECT_EQ(conv_error({3, 3}, {}), "convolution1dLayer: FilterSize is [3 3]; expected a positive integer");
    EXPECT_EQ(error_of([] { TransposedConvolution1DLayer(3, -1); }),
              "transposedConv1dLayer: NumFilters is -1; expected a positive integer");
    EXPECT_EQ(conv_error({stride(2.5)}), "convolution1dLayer: Stride is 2.5; expected a positive integer");
    EXPECT_EQ(conv_error({stride("two")}),
              "convolution1dLayer: Stride is 'two'; expected a positive integer");
    EXPECT_EQ(conv_error({stride(std::numeric_limits<double>::quiet_NaN())}),
              "convolution1dLayer: Stride is nan; expected a positive integer");
    EXPECT_EQ(conv_error({stride(3000000000)}),
              "convolution1dLayer: Stride is 3000000000; expected at most 2147483647");
    EXPECT_EQ(conv_error({dilation_factor(-1)}),
              "convolution1dLayer: DilationFactor is -1; expected a positive integer");
    EXPECT_EQ(conv_error({dilation_factor(2000000000)}),
              "convolution1dLayer: DilationFactor is 2000000000; expected an effective filter size "
              "(FilterSize-1)*DilationFactor + 1 of at most 2147483647");
    EXPECT_EQ(conv_error({num_channels("many")}),
              "convolution1dLayer: NumChannels is 'many'; expected 'auto' or a positive integer");
    EXPECT_EQ(conv_error({num_channels(0)}),
              "convolution1dLayer: NumChannels is 0; expected 'auto' or a positive integer");
    EXPECT_EQ(conv_error({num_channels(1000000000)}),
              "convolution1dLayer: NumFilters is 2; expected FilterSize*NumChannels*NumFilters of at most "
              "2147483647");
}

TEST(OptionErrors, PaddingAndCropping) {
    const std::string padding_domain = "; expected 'same', 'causal', or one or two nonnegative integers";
    EXPECT_EQ(conv_error({padding("valid")}), "convolution1dLayer: Padding is 'valid'" + padding_domain);
    EXPECT_EQ(conv_error({padding(-1)}), "convolution1dLayer: Padding is -1" + padding_domain);
    EXPECT_EQ(conv_error({padding(1, -2)}), "convolution1dLayer: Padding is [1 -2]" + padding_domain);
    EXPECT_EQ(conv_error({padding({1.5, 2.0})}), "convolution1dLayer: Padding is [1.5 2]" + padding_domain);
    EXPECT_EQ(conv_error({padding({1, 2, 3})}), "convolution1dLayer: Padding is [1 2 3]" + padding_domain);
    EXPECT_EQ(conv_error({padding(std::vector<int>())}),
              "convolution1dLayer: Padding is []" + padding_domain);
    EXPECT_EQ(conv_error({padding(0, 3000000000)}),
              "convolution1dLayer: Padding is [0 3000000000]; expected at most 2147483647");
    EXPECT_EQ(
        transposed_error({cropping("causal")}),
        "transposedConv1dLayer: Cropping is 'causal'; expected 'same', or one or two nonnegative integers");
    EXPECT_EQ(
        transposed_error({cropping(-1, 0)}),
        "transposedConv1dLayer: Cropping is [-1 0]; expected 'same', or one or two nonnegative integers");
    EXPECT_EQ(conv_error({{"SameExtra", "middle"}}),
              "convolution1dLayer: SameExtra is 'middle'; expected 'right' or 'left'");
}

TEST(OptionErrors, PaddingValue) {
    EXPECT_EQ(conv_error({padding_value(0)}), "nothing was thrown");
    EXPECT_EQ(conv_error({padding_value(1.5)}), "nothing was thrown");
    for (const char *mode : {"symmetric-include-edge", "symmetric-exclude-edge", "replicate", "circular"})
        EXPECT_EQ(conv_error({padding_value(mode)}), "nothing was thrown");
    const std::string domain = "; expected a finite number, 'symmetric-include-edge', "
                               "'symmetric-exclude-edge', 'replicate' or 'circular'";
    EXPECT_EQ(conv_error({padding_value("mirror")}), "convolution1dLayer: PaddingValue is 'mirror'" + domain);
    EXPECT_EQ(conv_error({padding_value(std::numeric_limits<double>::infinity())}),
              "convolution1dLayer: PaddingValue is inf" + domain);
    EXPECT_EQ(conv_error({padding_value(1e300)}), "convolution1dLayer: PaddingValue is 1e+300" + domain);
    EXPECT_EQ(conv_error({padding_value({0, 0})}), "convolution1dLayer: PaddingValue is [0 0]" + domain);
}

TEST(OptionErrors, WeightsAndBias) {
    EXPECT_EQ(conv_error({weights(std::vector<float>(5)), num_channels(4)}),
              "convolution1dLayer: Weights is an array of 5 floats; expected 24, "
              "FilterSize*NumChannels*NumFilters");
    EXPECT_EQ(transposed_error({weights(std::vector<float>(5))}),
              "transposedConv1dLayer: Weights is an array of 5 floats; expected a multiple of 6, "
              "FilterSize*NumFilters");
    EXPECT_EQ(conv_error({bias(std::vector<float>(3))}),
              "convolution1dLayer: Bias is an array of 3 floats; expected 2, NumFilters");
    EXPECT_EQ(conv_error({{"Weights", "random"}}),
              "convolution1dLayer: Weights is 'random'; expected an array of floats");
    EXPECT_EQ(conv_error({{"Stride", std::vector<float>(12)}}),
              "convolution1dLayer: Stride is an array of 12 floats; expected a positive integer");
}

TEST(OptionErrors, NumbersThatFloatCannotHold) {
    const std::string is = " has the value -1e+300; expected numbers within the range of float32";
    EXPECT_EQ(conv_error({{"Weights", {1.0, -1e300, 1.0, 1.0, 1.0, 1.0}}}),
              "convolution1dLayer: Weights" + is);
    EXPECT_EQ(transposed_error({{"Bias", std::vector<double>{-1e300, 0}}}),
              "transposedConv1dLayer: Bias" + is);
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(conv_error({{"Bias", {infinity, 3.4e38}}}), "nothing was thrown"); // float32 has these
}

TEST(OptionErrors, LettersAreNoNumbers) {
    static_assert(std::is_constructible_v<Value, std::int8_t>);
    static_assert(!std::is_constructible_v<Value, char>);
    static_assert(!std::is_constructible_v<Value, wchar_t>);
    static_assert(!std::is_constructible_v<Value, char16_t>);
    static_assert(!std::is_constructible_v<Value, char32_t>);
    static_assert(!std::is_constructible_v<Value, bool>);
}

TEST(OptionErrors, AWrongArrayLeavesTheLayerAsItWas) {
    Convolution1DLayer conv(3, 2, {weights(std::vector<float>(24, 1.0f)), bias({1, 2})});
    EXPECT_EQ(error_of([&] { conv.set_weights(std::vector<float>(30)); }),
              "convolution1dLayer: Weights is an array of 30 floats; expected 24, "
              "FilterSize*NumChannels*NumFilters");
    EXPECT_EQ(error_of([&] { conv.set_bias(std::vector<float>(1)); }),
              "convolution1dLayer: Bias is an array of 1 floats; expected 2, NumFilters");
    EXPECT_EQ(conv.weights(), std::vector<float>(24, 1.0f));
    EXPECT_EQ(conv.bias(), (std::vector<float>{1, 2}));
}

} // namespace
} // namespace conv1d
