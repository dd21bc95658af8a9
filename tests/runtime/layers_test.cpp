// What both layers compute, against values worked out by hand. All of them are exact in float32.
#include "conv1d/layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace conv1d {
namespace {

Tensor tensor(std::string_view format, const Sizes &sizes, const std::vector<float> &values) {
    Tensor x(format, sizes);
    EXPECT_EQ(x.elements(), static_cast<std::int64_t>(values.size()));
    std::copy(values.begin(), values.end(), x.data());
    return x;
}

std::vector<float> values(const Tensor &x) {
    return {x.data(), x.data() + x.elements()};
}

/// The layer's output for one channel of 1 2 3 4 5.
template <class Layer1D>
std::vector<float> of_1_to_5(Layer1D layer) {
    return values(layer.forward(tensor("SC", {5, 1}, {1, 2, 3, 4, 5})));
}

/// y[i] = x[i] + 10 x[i+1] + 100 x[i+2]: the digits of an output are the inputs it is made of, last one
/// first.
std::vector<float> digits_of_1_to_5(std::vector<Option> options) {
    options.push_back(weights({1, 10, 100}));
    return of_1_to_5(Convolution1DLayer(3, 1, options));
}

/// The transposed layer of those weights and stride 2 on 1 2, uncropped 1 10 102 20 200.
std::vector<float> spread_of_1_2(std::vector<Option> options) {
    options.push_back(weights({1, 10, 100}));
    options.push_back(stride(2));
    TransposedConvolution1DLayer layer(3, 1, options);
    return values(layer.forward(tensor("SC", {2, 1}, {1, 2})));
}

/// Two channels, two filters.
///   filter 0: x0[i] + 10 x0[i+1] + 100 x1[i] + 1000 x1[i+1] + 0.5;   filter 1: x0[i+1] - x0[i] + 2 x1[i+1] -
///   0.5
Convolution1DLayer two_by_two() {
    return Convolution1DLayer(2, 2, {weights({1, 10, 100, 1000, -1, 1, 0, 2}), bias({0.5f, -0.5f})});
}

/// Stride 2. Filter 0 spreads x0 by 1 10 100 and x1 by 1000 2000 4000; filter 1 spreads x0 by 0 0 1.
TransposedConvolution1DLayer transposed_two_by_two() {
    return TransposedConvolution1DLayer(
        3, 2, {stride(2), weights({1, 10, 100, 0, 0, 1, 1000, 2000, 4000, 0, 0, 0}), bias({0.5f, -1})});
}

TEST(Convolution1DLayer, PositionsContiguous) {
    const Tensor y = two_by_two().forward(tensor("SCB", {4, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(y.format(), "SCB");
    EXPECT_EQ(y.sizes(), (Sizes{3, 2, 1}));
    EXPECT_EQ(values(y), (std::vector<float>{6521.5, 7632.5, 8743.5, 12.5, 14.5, 16.5}));
}

TEST(Convolution1DLayer, ChannelsContiguous) {
    const Tensor y = two_by_two().forward(tensor("CBT", {2, 1, 4}, {1, 5, 2, 6, 3, 7, 4, 8}));
    EXPECT_EQ(y.format(), "CBT");
    EXPECT_EQ(y.sizes(), (Sizes{2, 1, 3}));
    EXPECT_EQ(values(y), (std::vector<float>{6521.5, 12.5, 7632.5, 14.5, 8743.5, 16.5}));
}

TEST(TransposedConvolution1DLayer, PositionsContiguous) {
    const Tensor y = transposed_two_by_two().forward(tensor("SCB", {2, 2, 1}, {1, 2, 3, 4}));
    EXPECT_EQ(y.sizes(), (Sizes{5, 2, 1}));
    EXPECT_EQ(values(y), (std::vector<float>{3001.5, 6010.5, 16102.5, 8020.5, 16200.5, -1, -1, 0, -1, 1}));
}

TEST(TransposedConvolution1DLayer, ChannelsContiguous) {
    const Tensor y = transposed_two_by_two().forward(tensor("CBT", {2, 1, 2}, {1, 3, 2, 4}));
    EXPECT_EQ(y.sizes(), (Sizes{2, 1, 5}));
    EXPECT_EQ(values(y), (std::vector<float>{3001.5, -1, 6010.5, -1, 16102.5, 0, 8020.5, -1, 16200.5, 1}));
}

TEST(Convolution1DLayer, PaddingStrideAndDilation) {
    using V = std::vector<float>;
    EXPECT_EQ(digits_of_1_to_5({}), (V{321, 432, 543}));
    EXPECT_EQ(digits_of_1_to_5({stride(2)}), (V{321, 543}));
    EXPECT_EQ(digits_of_1_to_5({dilation_factor(2)}), (V{531}));
    EXPECT_EQ(digits_of_1_to_5({padding(1)}), (V{210, 321, 432, 543, 54}));
    EXPECT_EQ(digits_of_1_to_5({padding(2, 1)}), (V{100, 210, 321, 432, 543, 54}));
    EXPECT_EQ(digits_of_1_to_5({padding("same")}), (V{210, 321, 432, 543, 54}));
    EXPECT_EQ(digits_of_1_to_5({padding("same"), stride(2)}), (V{210, 432, 54}));
    EXPECT_EQ(digits_of_1_to_5({padding("same"), dilation_factor(2)}), (V{310, 420, 531, 42, 53}));
    EXPECT_EQ(digits_of_1_to_5({padding("causal")}), (V{100, 210, 321, 432, 543}));
    EXPECT_EQ(digits_of_1_to_5({padding("causal"), stride(2), dilation_factor(2)}), (V{100, 310, 531}));
    EXPECT_EQ(digits_of_1_to_5({padding(0, 7), stride(4)}), (V{321, 5, 0}));
}

TEST(Convolution1DLayer, SamePaddingPutsTheOddSampleWhereAsked) {
    const auto pairs = [](OddEnd end) {
        return of_1_to_5(Convolution1DLayer(2, 1, {weights({1, 10}), padding("same"), same_extra(end)}));
    };
    EXPECT_EQ(pairs(OddEnd::right), (std::vector<float>{21, 32, 43, 54, 5}));
    EXPECT_EQ(pairs(OddEnd::left), (std::vector<float>{10, 21, 32, 43, 54}));
}

TEST(TransposedConvolution1DLayer, Cropping) {
    using V = std::vector<float>;
    EXPECT_EQ(spread_of_1_2({}), (V{1, 10, 102, 20, 200}));
    EXPECT_EQ(spread_of_1_2({cropping(1)}), (V{10, 102, 20}));
    EXPECT_EQ(spread_of_1_2({cropping(1, 0)}), (V{10, 102, 20, 200}));
    EXPECT_EQ(spread_of_1_2({cropping(0, 2)}), (V{1, 10, 102}));
    EXPECT_EQ(spread_of_1_2({cropping("same")}), (V{1, 10, 102, 20}));
    EXPECT_EQ(spread_of_1_2({cropping("same"), same_extra(OddEnd::left)}), (V{10, 102, 20, 200}));
}

TEST(TransposedConvolution1DLayer, SameWithAFilterShorterThanTheStrideEndsInBias) {
    TransposedConvolution1DLayer layer(2, 1, {stride(4), cropping("same"), weights({1, 10}), bias({0.5f})});
    EXPECT_EQ(values(layer.forward(tensor("SC", {2, 1}, {1, 2}))),
              (std::vector<float>{1.5, 10.5, 0.5, 0.5, 2.5, 20.5, 0.5, 0.5}));
}

TEST(Layers, MissingBiasIsZeroAndNewParametersAreUsed) {
    Convolution1DLayer layer(1, 1, {weights({2})});
    const Tensor x = tensor("SC", {3, 1}, {1, 2, 3});
    EXPECT_EQ(values(layer.forward(x)), (std::vector<float>{2, 4, 6}));
    layer.set_bias({1});
    EXPECT_EQ(values(layer.forward(x)), (std::vector<float>{3, 5, 7}));
    layer.set_weights({10});
    EXPECT_EQ(values(layer.forward(x)), (std::vector<float>{11, 21, 31}));
    layer.set_bias({});
    EXPECT_EQ(values(layer.forward(x)), (std::vector<float>{10, 20, 30}));
}

TEST(Layers, OneLayerTakesEveryLength) {
    Convolution1DLayer layer(3, 1, {weights({1, 1, 1}), padding("same")});
    for (const std::int64_t length : {1, 2, 3, 17, 64, 1000, 5}) {
        Tensor x("SCB", {length, 1, 1});
        std::fill_n(x.data(), length, 1.0f);
        const Tensor y = layer.forward(x);
        ASSERT_EQ(y.size('S'), length);
        for (std::int64_t i = 0; i < length; i++)
            ASSERT_EQ(y.data()[i],
                      static_cast<float>(std::min<std::int64_t>(i, 1) + 1 + (i + 1 < length ? 1 : 0)))
                << "length " << length << ", at " << i;
    }
}

TEST(Layers, StridedInputAndOutputLeaveTheGapsAlone) {
    std::vector<float> in(20, 1000.0f);
    for (const std::size_t c : {std::size_t{0}, std::size_t{10}})
        for (std::size_t i = 0; i < 4; i++)
            in[c + i] = static_cast<float>(i + 1 + (c > 0 ? 4 : 0));
    const Tensor x("SC", {4, 2}, {1, 10}, in.data());
    std::vector<float> out(16, -7.0f);
    Tensor y("SC", {3, 2}, {1, 8}, out.data() + 2);
    two_by_two().forward(x, y);
    EXPECT_EQ(out, (std::vector<float>{-7, -7, 6521.5, 7632.5, 8743.5, -7, -7, -7, -7, -7, 12.5, 14.5, 16.5,
                                       -7, -7, -7}));
}

TEST(Layers, OverlappingFramesAreAnInput) {
    std::vector<float> signal{1, 2, 3, 4, 5};
    const Tensor frames("SCB", {3, 1, 3}, {1, 3, 1}, signal.data());
    Convolution1DLayer layer(3, 1, {weights({1, 10, 100})});
    EXPECT_EQ(values(layer.forward(frames)), (std::vector<float>{321, 432, 543}));
}

} // namespace
} // namespace conv1d
