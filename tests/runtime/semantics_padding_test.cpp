// Section 3 of the layers' meaning: padding and cropping, through the layers.
#include "conv1d/display.h"

#include "layer_values.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <limits>

namespace conv1d {
namespace {

using testing::error_of;
using testing::output_of;
using testing::padded;
using Floats = std::vector<float>;

TEST(Semantics3, SameTotal) {
    for (std::int64_t length = 1; length < 15; length++) {
        for (std::int64_t s = 1; s < 5; s++) {
            for (std::int64_t taps = 1; taps < 5; taps++) {
                const Ends ends =
                    Convolution1DLayer(taps, 1, {stride(s), dilation_factor(2), padding("same")})
                        .padding_size(length);
                const std::int64_t outputs = (length + s - 1) / s;
                EXPECT_EQ(ends.first + ends.second,
                          std::max<std::int64_t>((outputs - 1) * s + (taps - 1) * 2 + 1 - length, 0));
            }
        }
    }
}

TEST(Semantics3, CausalIsAllOnTheLeft) {
    EXPECT_EQ(output_of(Convolution1DLayer(3, 1, {padding("causal"), weights({1, 10, 100})}), {1, 2, 3}),
              (Floats{100, 210, 321}));
}

TEST(Semantics3, Zero) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2)}), (Floats{0, 0, 3, 1, 4, 0, 0}));
}

TEST(Semantics3, Scalar) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2), padding_value(-1.5)}),
              (Floats{-1.5f, -1.5f, 3, 1, 4, -1.5f, -1.5f}));
}

TEST(Semantics3, SymmetricIncludeEdge) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2), padding_value("symmetric-include-edge")}),
              (Floats{1, 3, 3, 1, 4, 4, 1}));
}

TEST(Semantics3, SymmetricExcludeEdge) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2), padding_value("symmetric-exclude-edge")}),
              (Floats{4, 1, 3, 1, 4, 1, 3}));
}

TEST(Semantics3, Replicate) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2), padding_value("replicate")}), (Floats{3, 3, 3, 1, 4, 4, 4}));
}

TEST(Semantics3, CircularExtension) {
    EXPECT_EQ(padded({3, 1, 4}, {padding(2), padding_value("circular")}), (Floats{1, 4, 3, 1, 4, 3, 1}));
}

struct Kind {
    const char *value;
    Floats wide;   // 3 1 4 padded by 7 on the left and 8 on the right
    Floats single; // 5 padded by 2 on each side
};

const Kind kinds[] = {
    {"symmetric-include-edge", {3, 3, 1, 4, 4, 1, 3, 3, 1, 4, 4, 1, 3, 3, 1, 4, 4, 1}, {5, 5, 5, 5, 5}},
    {"symmetric-exclude-edge", {1, 4, 1, 3, 1, 4, 1, 3, 1, 4, 1, 3, 1, 4, 1, 3, 1, 4}, {5, 5, 5, 5, 5}},
    {"replicate", {3, 3, 3, 3, 3, 3, 3, 3, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4}, {5, 5, 5, 5, 5}},
    {"circular", {4, 3, 1, 4, 3, 1, 4, 3, 1, 4, 3, 1, 4, 3, 1, 4, 3, 1}, {5, 5, 5, 5, 5}},
};

TEST(Semantics3, WiderThanTheData) {
    // numpy.pad([3, 1, 4], (7, 8), ...) with modes symmetric, reflect, edge and wrap.
    for (const Kind &kind : kinds) {
        EXPECT_EQ(padded({3, 1, 4}, {padding(7, 8), padding_value(kind.value)}), kind.wide) << kind.value;
        EXPECT_EQ(padded({5}, {padding(2), padding_value(kind.value)}), kind.single) << kind.value;
    }
}

/// The padded signal as a layer of `taps` taps reads it: filter f passes tap f on, so y[i, f] = xp[i + f].
Floats read_by_taps(std::int64_t taps, std::vector<Option> options) {
    Floats one_tap_each(static_cast<std::size_t>(taps * taps));
    for (std::int64_t f = 0; f < taps; f++)
        one_tap_each[static_cast<std::size_t>(f * taps + f)] = 1;
    options.push_back(weights(one_tap_each));
    const Floats y = output_of(Convolution1DLayer(taps, taps, options), {3, 1, 4});
    const std::size_t filters = static_cast<std::size_t>(taps), count = y.size() / filters;
    Floats xp(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t f = 1; f < filters; f++) {
        for (std::size_t i = 0; i + 1 < count; i++)
            EXPECT_EQ(y[f * count + i], xp[i + f]) << "filter " << f;
        xp.push_back(y[f * count + count - 1]);
    }
    return xp;
}

TEST(Semantics3, ValueAppliesToManualSameAndCausalAlike) {
    for (const Kind &kind : kinds) {
        SCOPED_TRACE(kind.value);
        const Option value = padding_value(kind.value);
        const auto first = kind.wide.begin();
        EXPECT_EQ(read_by_taps(5, {padding(2), value}), Floats(first + 5, first + 12));
        EXPECT_EQ(read_by_taps(5, {padding("same"), value}), Floats(first + 5, first + 12));
        EXPECT_EQ(read_by_taps(3, {padding("causal"), value}), Floats(first + 5, first + 10));
        // Wider than the data: 7 and 7 samples, and 7 at the left.
        EXPECT_EQ(read_by_taps(15, {padding("same"), value}), Floats(first, first + 17));
        EXPECT_EQ(read_by_taps(8, {padding("causal"), value}), Floats(first, first + 10));
    }
    const Option value = padding_value(-1.5);
    EXPECT_EQ(read_by_taps(5, {padding("same"), value}), (Floats{-1.5, -1.5, 3, 1, 4, -1.5, -1.5}));
    EXPECT_EQ(read_by_taps(3, {padding("causal"), value}), (Floats{-1.5, -1.5, 3, 1, 4}));
}

TEST(Semantics3, ValueAppliesToChannelsFirstMemoryAlike) {
    for (const Kind &kind : kinds) {
        Convolution1DLayer layer(1, 1, {padding(7, 8), padding_value(kind.value), weights({1})});
        Tensor x("CT", {1, 3});
        std::copy_n(kind.wide.begin() + 7, 3, x.data());
        EXPECT_EQ(testing::values(layer.forward(x)), kind.wide) << kind.value;
    }
}

TEST(Semantics3, TransposedSameCrop) {
    EXPECT_EQ(TransposedConvolution1DLayer(11, 1, {stride(4), cropping("same")}).cropping_size(9),
              (Ends{3, 4}));
    EXPECT_EQ(TransposedConvolution1DLayer(4, 1, {stride(4), cropping("same")}).cropping_size(9),
              (Ends{0, 0}));
}

TEST(Semantics3, OddExtraOnTheRight) {
    EXPECT_EQ(Convolution1DLayer(4, 1, {padding("same")}).padding_size(9), (Ends{1, 2}));
    EXPECT_EQ(TransposedConvolution1DLayer(5, 1, {stride(2), cropping("same")}).cropping_size(9),
              (Ends{1, 2}));
}

TEST(Semantics3, OddExtraOnTheLeftByOption) {
    EXPECT_EQ(Convolution1DLayer(4, 1, {padding("same"), same_extra(OddEnd::left)}).padding_size(9),
              (Ends{2, 1}));
    EXPECT_EQ(TransposedConvolution1DLayer(5, 1, {stride(2), cropping("same"), same_extra(OddEnd::left)})
                  .cropping_size(9),
              (Ends{2, 1}));
    EXPECT_EQ(
        output_of(Convolution1DLayer(2, 1, {padding("same"), same_extra(OddEnd::left), weights({1, 10})}),
                  {1, 2, 3}),
        (Floats{10, 21, 32}));
}

TEST(Semantics3, TransposedSameWithTapsBelowTheStride) {
    EXPECT_EQ(
        output_of(TransposedConvolution1DLayer(1, 1, {stride(3), cropping("same"), weights({2}), bias({7})}),
                  {1, 5}),
        (Floats{9, 7, 7, 17, 7, 7}));
}

TEST(Semantics3, AScalarMustBeFinite) {
    const auto error = [](double value) {
        return error_of([&] { Convolution1DLayer(3, 1, {padding_value(value)}); });
    };
    const std::string expected = "; expected a finite number, 'symmetric-include-edge', "
                                 "'symmetric-exclude-edge', 'replicate' or 'circular'";
    const double infinite = std::numeric_limits<double>::infinity();
    EXPECT_EQ(error(infinite), "convolution1dLayer: PaddingValue is inf" + expected);
    EXPECT_EQ(error(-infinite), "convolution1dLayer: PaddingValue is -inf" + expected);
    EXPECT_EQ(error(std::numeric_limits<double>::quiet_NaN()),
              "convolution1dLayer: PaddingValue is nan" + expected);
    EXPECT_EQ(error(1e39), "convolution1dLayer: PaddingValue is 1e+39" + expected); // no float32
    EXPECT_EQ(error(-3e38), "nothing was thrown");
}

TEST(Semantics3, AListNamesUnnamedLayers) {
    Convolution1DLayer a(1, 1), b(1, 1), c(1, 1, {name("mine")}), d(1, 1, {name("conv1d_1")}), e(1, 1);
    TransposedConvolution1DLayer s(1, 1), t(1, 1);
    name_layers({&a, &s, &b, &c, &d, &t, &e});
    EXPECT_EQ(a.name(), "conv1d");
    EXPECT_EQ(b.name(), "conv1d_2");
    EXPECT_EQ(c.name(), "mine");
    EXPECT_EQ(d.name(), "conv1d_1");
    EXPECT_EQ(e.name(), "conv1d_3");
    EXPECT_EQ(s.name(), "transposed-conv1d");
    EXPECT_EQ(t.name(), "transposed-conv1d_1");
}

TEST(Semantics3, AutoChannelsNeverResolveInsideARealTimeCall) {
    const Convolution1DLayer layer(3, 2);
    const Tensor x("SC", {10, 5});
    Tensor y("SC", {8, 2});
    Workspace workspace = layer.make_workspace(x);
    EXPECT_EQ(layer.forward(x, y, workspace), Status::not_initialized);
    EXPECT_EQ(layer.num_channels(), std::nullopt);
    EXPECT_TRUE(layer.weights().empty());
}

TEST(Semantics3, AutoChannelsResolveAtInitializeOrTheFirstForward) {
    Convolution1DLayer layer(3, 2);
    layer.initialize("SCB", {10, 5, 1});
    EXPECT_EQ(layer.num_channels(), 5);
    TransposedConvolution1DLayer other(3, 2);
    (void)other.predict(Tensor("CBT", {6, 1, 4}));
    EXPECT_EQ(other.num_channels(), 6);
}

} // namespace
} // namespace conv1d
