// Section 8 of the layers' meaning, as far as options and parameters go.
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

TEST(Semantics8, NonPositiveOrNonIntegralSizes) {
    for (const double wrong : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        const std::string is = " is " + to_string(Value(wrong)) + "; expected ";
        EXPECT_EQ(error_of([&] { Convolution1DLayer(wrong, 4); }),
                  "convolution1dLayer: FilterSize" + is + "a positive integer");
        EXPECT_EQ(error_of([&] { TransposedConvolution1DLayer(3, wrong); }),
                  "transposedConv1dLayer: NumFilters" + is + "a positive integer");
        EXPECT_EQ(conv_error({stride(wrong)}), "convolution1dLayer: Stride" + is + "a positive integer");
        EXPECT_EQ(conv_error({dilation_factor(wrong)}),
                  "convolution1dLayer: DilationFactor" + is + "a positive integer");
        EXPECT_EQ(transposed_error({num_channels(wrong)}),
                  "transposedConv1dLayer: NumChannels" + is + "'auto' or a positive integer");
    }
    EXPECT_EQ(conv_error({seed(-1)}), "convolution1dLayer: Seed is -1; expected a nonnegative integer");
}

TEST(Semantics8, NegativePaddingOrCropping) {
    EXPECT_EQ(conv_error({padding(-1, 0)}),
              "convolution1dLayer: Padding is [-1 0]; expected 'same', 'causal', or one "
              "or two nonnegative integers");
    EXPECT_EQ(
        transposed_error({cropping(0, -1)}),
        "transposedConv1dLayer: Cropping is [0 -1]; expected 'same', or one or two nonnegative integers");
}

TEST(Semantics8, MoreThanTwoValues) {
    EXPECT_EQ(conv_error({padding({1, 1, 1})}), "convolution1dLayer: Padding is [1 1 1]; expected 'same', "
                                                "'causal', or one or two nonnegative integers");
    EXPECT_EQ(
        transposed_error({cropping({1, 1, 1})}),
        "transposedConv1dLayer: Cropping is [1 1 1]; expected 'same', or one or two nonnegative integers");
}

TEST(Semantics8, AnUnknownOptionOrText) {
    EXPECT_EQ(
        conv_error({{"Stide", 2}}),
        "convolution1dLayer: option 'Stide' is unknown; expected one of DilationFactor, Padding, "
        "PaddingValue, Filtering, Stride, Groups, Activation, ActivationSlope, InputActivation, "
        "InputActivationSlope, NumChannels, SameExtra, Weights, Bias, WeightsInitializer, BiasInitializer, "
        "Seed, WeightLearnRateFactor, BiasLearnRateFactor, WeightL2Factor, BiasL2Factor, Name");
    EXPECT_EQ(conv_error({weights_initializer(InitializerFunction())}),
              "convolution1dLayer: WeightsInitializer is an empty function; expected 'glorot', 'he', "
              "'narrow-normal', 'zeros', 'ones' or a function");
    EXPECT_EQ(conv_error({padding("valid")}),
              "convolution1dLayer: Padding is 'valid'; expected 'same', 'causal', or "
              "one or two nonnegative integers");
}

TEST(Semantics8, AWeightsOrBiasArrayOfTheWrongSizeOrType) {
    EXPECT_EQ(conv_error({weights(Floats(5)), num_channels(4)}),
              "convolution1dLayer: Weights is an array of 5 floats; expected 48, "
              "FilterSize*NumChannels*NumFilters");
    EXPECT_EQ(conv_error({bias(Floats(5))}),
              "convolution1dLayer: Bias is an array of 5 floats; expected 4, NumFilters");
    EXPECT_EQ(transposed_error({{"Weights", "ones"}}),
              "transposedConv1dLayer: Weights is 'ones'; expected an array of floats");
}

TEST(Semantics8, UseBeforeThereAreWeights) {
    const Convolution1DLayer layer(3, 2);
    const Tensor x("SCB", {8, 2, 1});
    Tensor y("SCB", {6, 2, 1});
    std::fill_n(y.data(), y.elements(), 7.0f);
    Workspace workspace = layer.make_workspace(x);
    EXPECT_EQ(layer.forward(x, y, workspace), Status::not_initialized); // a real-time call makes none
    EXPECT_EQ(std::count(y.data(), y.data() + y.elements(), 7.0f), y.elements());
}

TEST(Semantics8, NanOrInfFactors) {
    for (const double wrong :
         {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        const std::string is = " is " + to_string(Value(wrong)) + "; expected a nonnegative, finite number";
        EXPECT_EQ(conv_error({weight_learn_rate_factor(wrong)}),
                  "convolution1dLayer: WeightLearnRateFactor" + is);
        EXPECT_EQ(conv_error({bias_learn_rate_factor(wrong)}),
                  "convolution1dLayer: BiasLearnRateFactor" + is);
        EXPECT_EQ(conv_error({weight_l2_factor(wrong)}), "convolution1dLayer: WeightL2Factor" + is);
        EXPECT_EQ(transposed_error({bias_l2_factor(wrong)}), "transposedConv1dLayer: BiasL2Factor" + is);
    }
    Convolution1DLayer layer(3, 4, {name("c")});
    EXPECT_EQ(error_of([&] { layer.set_bias_l2_factor(-2); }),
              "convolution1dLayer 'c': BiasL2Factor is -2; expected a nonnegative, finite number");
    EXPECT_EQ(layer.bias_l2_factor(), 0);
}

TEST(Semantics8, ADeviceThatIsNotThere) {
    Convolution1DLayer layer(3, 4);
    const Target other = is_supported(Target::arm_64) ? Target::x86_64 : Target::arm_64;
    EXPECT_EQ(error_of([&] { layer.force_target(other); }),
              "convolution1dLayer: target is " + std::string(to_string(other)) +
                  "; expected one that this processor supports");
}

} // namespace
} // namespace conv1d
