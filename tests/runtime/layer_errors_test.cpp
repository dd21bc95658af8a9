// What a layer refuses when it is given an input: every sentence, the Status of the noexcept call, and that
// nothing was written.
#include "conv1d/layers.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace conv1d {
namespace {

using testing::error_of;

/// 3 taps, 2 channels, 1 filter.
Convolution1DLayer layer(std::vector<Option> options = {}) {
    options.push_back(weights({1, 2, 3, 4, 5, 6}));
    options.push_back(name("c"));
    return Convolution1DLayer(3, 1, options);
}

/// The error of asking for an output of these sizes.
std::string refusal(const Layer &of, std::string_view format, const Sizes &sizes) {
    return error_of([&] { (void)of.output_sizes(format, sizes); });
}

TEST(LayerErrors, Formats) {
    const std::string expected =
        "; expected SCB, CBT, SC, CT or SCT, or their labels in an order that begins with C "
        "or the convolved one";
    for (const std::string format : {"SCBT", "SSC", "SCU", "CU", "SB",
                                     "SC"
                                     "C",
                                     "BSC", "TSC", "CB", "S", "CTT"}) {
        EXPECT_EQ(refusal(layer(), format, Sizes(std::vector<std::int64_t>(format.size(), 2))),
                  "convolution1dLayer 'c': format is '" + format + "'" + expected);
    }
    EXPECT_EQ(error_of([] { (void)layer().forward(Tensor()); }),
              "convolution1dLayer 'c': format is ''" + expected);
}

TEST(LayerErrors, InputSizes) {
    EXPECT_EQ(refusal(layer(), "SCB", {10, 3, 1}),
              "convolution1dLayer 'c': input size of C is 3; expected 2 channels");
    EXPECT_EQ(refusal(layer(), "SCB", {0, 2, 1}),
              "tensor 'SCB': size of S is 0; expected a positive integer");
    EXPECT_EQ(
        refusal(layer({padding(1, 0), dilation_factor(3)}), "SC", {5, 2}),
        "convolution1dLayer 'c': padded input length is 6; expected at least the effective filter size 7");
    EXPECT_EQ(refusal(layer(), "SCB", {2000000000, 2, 1}),
              "convolution1dLayer 'c': input span is 4000000000; expected at most 2147483647 elements");
    EXPECT_EQ(
        refusal(layer({stride(1000000000)}), "SC", {4, 2}),
        "convolution1dLayer 'c': input length is 4; expected length*Stride + FilterSize*DilationFactor + "
        "Padding of at most 2147483647");
    EXPECT_EQ(
        refusal(Convolution1DLayer(1, 1000, {num_channels(1)}), "SCB", {100000, 1, 100}),
        "convolution1dLayer: output is 100000 samples of 1000 filters and 100 observations; expected a span "
        "of at most 2147483647 elements");
}

TEST(LayerErrors, Cropping) {
    const TransposedConvolution1DLayer up(3, 1, {stride(2), cropping(3, 4), num_channels(1), name("up")});
    EXPECT_EQ(
        refusal(up, "SC", {3, 1}),
        "transposedConv1dLayer 'up': Cropping is [3 4]; expected less in all than the 7 samples there are to "
        "crop");
    EXPECT_EQ(up.output_sizes("SC", {4, 1}), (Sizes{2, 1}));
    EXPECT_EQ(refusal(up, "SC", {2000000000, 1}),
              "transposedConv1dLayer 'up': input length is 2000000000; expected length*Stride + "
              "FilterSize*DilationFactor + Cropping of at most 2147483647");
}

TEST(LayerErrors, MoreWeightsThanAKernelCanIndex) {
    const Convolution1DLayer wide(2, 1, {padding(1)});
    const int block = wide.kernel_for("CT", {100000000 / 64, 1}).schedule->filter_block;
    EXPECT_EQ(
        refusal(wide, "CT", {2147483647, 1}),
        "convolution1dLayer: input size of C is 2147483647; expected FilterSize*C*NumFilters of at most "
        "2147483647, NumFilters rounded up to a multiple of " +
            std::to_string(block));
}

TEST(LayerErrors, NoWeights) {
    Convolution1DLayer conv(3, 4, {name("c")});
    const Tensor x("SCB", {10, 2, 1});
    EXPECT_EQ(error_of([&] { (void)conv.forward(x); }),
              "convolution1dLayer 'c': Weights is empty; expected an array of 3x2x4 floats");
    EXPECT_EQ(error_of([&] { conv.prepare(x); }),
              "convolution1dLayer 'c': Weights is empty; expected an array of 3x2x4 floats");
    TransposedConvolution1DLayer up(3, 4);
    EXPECT_EQ(error_of([&] { (void)up.forward(x); }),
              "transposedConv1dLayer: Weights is empty; expected an array of 3x4x2 floats");
}

TEST(LayerErrors, ConvolutionReadsFormatOfInputStrides) {
    std::vector<float> memory(64, 1.0f);
    const Tensor x("SC", {4, 2}, {2, 8}, memory.data());
    EXPECT_EQ(error_of([&] { (void)layer().forward(x); }),
              "convolution1dLayer 'c': input stride of S is 2; expected 1, as the first label is contiguous");
}

/// An input of 10 samples and 2 channels; the output is 8 samples of 1 filter.
class OutputErrors : public ::testing::Test {
protected:
    OutputErrors() : conv(layer()), x("SC", {10, 2}) {
        conv.prepare(x);
        workspace = conv.make_workspace(x);
    }

    /// The sentence of the throwing call; checks that the noexcept one refuses too and that nothing was
    /// written.
    std::string refusal_of(Tensor &&output) {
        std::fill(memory.begin(), memory.end(), -7.0f);
        const std::string sentence = error_of([&] { conv.forward(x, output); });
        EXPECT_EQ(conv.forward(x, output, workspace), Status::invalid_argument);
        EXPECT_EQ(memory, std::vector<float>(memory.size(), -7.0f));
        return sentence;
    }

    Convolution1DLayer conv;
    Tensor x;
    Workspace workspace;
    std::vector<float> memory = std::vector<float>(64, -7.0f);
};

TEST_F(OutputErrors, Format) {
    EXPECT_EQ(refusal_of(Tensor("CT", {1, 8}, memory.data())),
              "convolution1dLayer 'c': output format is 'CT'; expected 'SC' as of the input");
    EXPECT_EQ(refusal_of(Tensor()),
              "convolution1dLayer 'c': output format is ''; expected 'SC' as of the input");
}

TEST_F(OutputErrors, Sizes) {
    EXPECT_EQ(refusal_of(Tensor("SC", {10, 1}, memory.data())),
              "convolution1dLayer 'c': output sizes are [10 1]; expected [8 1]");
}

TEST_F(OutputErrors, StrideOfTheFirstLabel) {
    EXPECT_EQ(
        refusal_of(Tensor("SC", {8, 1}, {2, 1}, memory.data())),
        "convolution1dLayer 'c': output stride of S is 2; expected 1, as the first label is contiguous");
}

TEST_F(OutputErrors, ElementsThatOverlap) {
    Convolution1DLayer two(1, 2, {weights({1, 1})});
    const Tensor in("SC", {10, 1});
    Tensor out("SC", {10, 2}, {1, 9}, memory.data());
    EXPECT_EQ(
        error_of([&] { two.forward(in, out); }),
        "convolution1dLayer: output strides are [1 9]; expected strides by which elements do not overlap");
    EXPECT_EQ(memory, std::vector<float>(memory.size(), -7.0f));
    Tensor apart("SC", {10, 2}, {1, 10}, memory.data());
    two.forward(in, apart);
    EXPECT_EQ(memory[19], 0.0f);
}

TEST_F(OutputErrors, OverlapWithTheInput) {
    x = Tensor("SC", {10, 2}, memory.data());
    const std::string sentence =
        "convolution1dLayer 'c': output overlaps the input; expected memory of its own";
    EXPECT_EQ(refusal_of(Tensor("SC", {8, 1}, memory.data())), sentence);
    EXPECT_EQ(refusal_of(Tensor("SC", {8, 1}, memory.data() + 19)), sentence);
    Tensor behind("SC", {8, 1}, memory.data() + 20);
    conv.forward(x, behind);
    EXPECT_EQ(memory[20], -7.0f * 21);
}

TEST(LayerErrors, NothingIsWrittenWhenTheInputIsRefused) {
    Convolution1DLayer conv = layer();
    std::vector<float> memory(8, -7.0f);
    Tensor y("SC", {8, 1}, memory.data());
    Workspace workspace = conv.make_workspace("SC", {10, 2});
    for (const Sizes &sizes : {Sizes{10, 3}, Sizes{2, 2}}) {
        const Tensor x("SC", sizes);
        EXPECT_NE(error_of([&] { conv.forward(x, y); }), "nothing was thrown");
        EXPECT_EQ(conv.forward(x, y, workspace), Status::invalid_argument);
    }
    EXPECT_EQ(memory, std::vector<float>(8, -7.0f));
}

} // namespace
} // namespace conv1d
