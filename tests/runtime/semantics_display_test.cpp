// Section 6 of the meaning of the layers, display: a test for each row, to the letter.
#include "conv1d/display.h"
#include "conv1d/layers.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace conv1d {
namespace {

template <class Shown>
std::string printed(const Shown &shown) {
    std::ostringstream text;
    print(text, shown);
    return text.str();
}

template <class Shown>
std::string all_printed(const Shown &shown) {
    std::ostringstream text;
    print_all(text, shown);
    return text.str();
}

TEST(Semantics6, Convolution1DLayer) {
    EXPECT_EQ(printed(Convolution1DLayer(11, 96)), R"(  Convolution1DLayer with properties:

              Name: ''

   Hyperparameters
        FilterSize: 11
       NumChannels: 'auto'
        NumFilters: 96
            Stride: 1
    DilationFactor: 1
       PaddingMode: 'manual'
       PaddingSize: [0 0]
      PaddingValue: 0

   Learnable Parameters
           Weights: []
              Bias: []

  Show all properties
)");
}

TEST(Semantics6, TransposedConvolution1DLayer) {
    EXPECT_EQ(printed(TransposedConvolution1DLayer(11, 96)),
              R"(  TransposedConvolution1DLayer with properties:

            Name: ''

   Hyperparameters
      FilterSize: 11
     NumChannels: 'auto'
      NumFilters: 96
          Stride: 1
    CroppingMode: 'manual'
    CroppingSize: [0 0]

   Learnable Parameters
         Weights: []
            Bias: []

  Use properties method to see a list of all properties.
)");
}

TEST(Semantics6, LearnablesShowSizeAndTypeOnceThereAreWeights) {
    Convolution1DLayer conv(11, 96);
    conv.initialize("SCB", {100, 16, 1});
    const std::string text = printed(conv);
    EXPECT_NE(text.find("\n           Weights: [11x16x96 single]\n              Bias: [1x96 single]\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("\n       NumChannels: 16\n"), std::string::npos) << text;
    TransposedConvolution1DLayer up(11, 96);
    up.initialize("SCB", {100, 16, 1});
    EXPECT_NE(printed(up).find("\n         Weights: [11x96x16 single]\n            Bias: [1x96 single]\n"),
              std::string::npos)
        << printed(up);
}

/// The lines of a property of a layer with these options, without the indentation.
std::string shown(const std::string &property, const std::vector<Option> &options) {
    const std::string text = printed(Convolution1DLayer(3, 2, options));
    const std::size_t start = text.find(property + ": ");
    return text.substr(start, text.find('\n', start) - start);
}

TEST(Semantics6, PropertiesShowWhatTheOptionsSet) {
    EXPECT_EQ(shown("Name", {name("it")}), "Name: 'it'");
    EXPECT_EQ(shown("NumChannels", {num_channels(7)}), "NumChannels: 7");
    EXPECT_EQ(shown("PaddingSize", {padding(3, 4)}), "PaddingSize: [3 4]");
    EXPECT_EQ(shown("PaddingMode", {padding("same")}), "PaddingMode: 'same'");
    EXPECT_EQ(shown("PaddingMode", {padding("causal")}), "PaddingMode: 'causal'");
    EXPECT_EQ(shown("PaddingValue", {padding_value("symmetric-include-edge")}),
              "PaddingValue: 'symmetric-include-edge'");
    EXPECT_EQ(shown("PaddingValue", {padding_value(-0.1)}), "PaddingValue: -0.1");
}

TEST(Semantics6, PaddingSizeIsEmptyForSameAndTheLeftEndForCausal) { // (K-1)*d
    EXPECT_EQ(shown("PaddingSize", {padding("same")}), "PaddingSize: []");
    EXPECT_EQ(shown("PaddingSize", {padding("causal"), dilation_factor(4)}), "PaddingSize: [8 0]");
    const std::string same = printed(TransposedConvolution1DLayer(3, 2, {cropping("same")}));
    EXPECT_NE(same.find("CroppingMode: 'same'\n    CroppingSize: []\n"), std::string::npos) << same;
}

TEST(Semantics6, ASecondFormPrintsAllProperties) {
    Convolution1DLayer conv(3, 8,
                            {name("c"), stride(2), padding("causal"), weights_initializer("he"),
                             bias_learn_rate_factor(2), seed(5)});
    EXPECT_EQ(all_printed(conv), R"(  Convolution1DLayer with properties:

               FilterSize: 3
              NumChannels: 'auto'
               NumFilters: 8
                   Stride: 2
           DilationFactor: 1
              PaddingMode: 'causal'
              PaddingSize: [2 0]
             PaddingValue: 0
                  Weights: []
                     Bias: []
                   Groups: 1
               Activation: 'none'
          InputActivation: 'none'
                Filtering: 'direct'
                SameExtra: 'right'
       WeightsInitializer: 'he'
          BiasInitializer: 'zeros'
                     Seed: 5
    WeightLearnRateFactor: 1
           WeightL2Factor: 1
      BiasLearnRateFactor: 2
             BiasL2Factor: 0
                NumInputs: 1
               InputNames: {'in'}
               NumOutputs: 1
              OutputNames: {'out'}
                     Name: 'c'

)");
    const std::string up = all_printed(TransposedConvolution1DLayer(3, 8, {cropping(1, 2)}));
    EXPECT_NE(up.find("             CroppingSize: [1 2]\n                  Weights: []\n"), std::string::npos)
        << up;
}

TEST(Semantics6, AListOfLayers) {
    const Convolution1DLayer a(11, 96), b(3, 8, {stride(2), padding("same"), name("second")}),
        c(3, 128, {padding("causal")}), d(5, 7, {padding(1, 2)});
    const TransposedConvolution1DLayer e(11, 96, {stride(4)}), f(2, 3, {cropping("same")}),
        g(6, 5, {cropping(1), name("up")});
    const std::vector<const AnyLayer *> layers{&a, &b, &c, &d, &e, &f, &g};
    EXPECT_EQ(printed(layers), R"(  7x1 Layer array with layers:

     1   ''         Convolution              96 11 convolutions with stride 1 and padding [0 0]
     2   'second'   Convolution              8 3 convolutions with stride 2 and padding 'same'
     3   ''         Convolution              128 3 convolutions with stride 1 and padding 'causal'
     4   ''         Convolution              7 5 convolutions with stride 1 and padding [1 2]
     5   ''         Transposed Convolution   96 11 transposed convolutions with stride 4 and cropping [0 0]
     6   ''         Transposed Convolution   3 2 transposed convolutions with stride 1 and cropping 'same'
     7   'up'       Transposed Convolution   5 6 transposed convolutions with stride 1 and cropping [1 1]
)");
}

TEST(Semantics6, AListOfOneKindHasTheRowsOfTheSource) {
    const Convolution1DLayer layer(11, 96);
    const std::vector<const AnyLayer *> two{&layer, &layer};
    EXPECT_EQ(printed(two), R"(  2x1 Layer array with layers:

     1   ''   Convolution   96 11 convolutions with stride 1 and padding [0 0]
     2   ''   Convolution   96 11 convolutions with stride 1 and padding [0 0]
)");
}

TEST(Semantics6, AListOfTenAlignsItsNumbers) {
    const Convolution1DLayer layer(1, 1);
    const std::string text = printed(std::vector<const AnyLayer *>(10, &layer));
    EXPECT_NE(text.find("\n      9   ''   "), std::string::npos) << text;
    EXPECT_NE(text.find("\n     10   ''   "), std::string::npos) << text;
}

} // namespace
} // namespace conv1d
