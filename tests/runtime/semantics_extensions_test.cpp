// Semantics, section 9: what the layers have beyond MATLAB's.
#include "conv1d/display.h"
#include "format_check.h"
#include "layer_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace conv1d {
namespace {

using namespace testing;

constexpr std::array<const char *, 9> formats{"SCB", "CBT", "SCBT", "SC", "CT", "SCT", "CSB", "CTB", "BCS"};

template <class T>
BasicTensor<T> noise_tensor(const std::string &format, std::int64_t length, std::int64_t channels,
                            unsigned seed) {
    Sizes sizes(std::vector<std::int64_t>(format.size()));
    const char position = format.find('S') != std::string::npos ? 'S' : 'T';
    for (std::size_t i = 0; i < format.size(); i++)
        sizes[static_cast<int>(i)] = format[i] == position ? length : format[i] == 'C' ? channels : 2;
    BasicTensor<T> x(format, sizes);
    const std::vector<float> values = noise(x.elements(), seed);
    std::copy(values.begin(), values.end(), x.data());
    return x;
}

/// The layer in every format against the definition, without and with a residual.
template <class AnyLayer1D>
void expect_the_definition(AnyLayer1D &layer, std::int64_t length, std::int64_t channels) {
    using T = typename std::decay_t<decltype(layer.weights())>::value_type;
    layer.set_bias([&] {
        const std::vector<float> values = noise(layer.num_filters(), 3);
        return std::vector<T>(values.begin(), values.end());
    }());
    for (const char *format : formats) {
        SCOPED_TRACE(format);
        const BasicTensor<T> x = noise_tensor<T>(format, length, channels, 1);
        BasicTensor<T> y = layer.forward(x);
        EXPECT_EQ(differs_from_the_definition(layer, x, y), "");
        BasicTensor<T> residual(format, y.sizes());
        const std::vector<float> values = noise(y.elements(), 2);
        std::copy(values.begin(), values.end(), residual.data());
        layer.forward(x, residual, y);
        EXPECT_EQ(differs_from_the_definition(layer, x, y, residual), "");
    }
}

TEST(Semantics9, Groups) {
    Convolution1DLayer two(3, 6, {groups(2), padding(1)}), depthwise(5, 8, {groups(8), stride(2)}),
        multiplier(4, 27, {groups(9), padding("causal"), dilation_factor(3)});
    expect_the_definition(two, 21, 4);
    expect_the_definition(depthwise, 40, 8);
    expect_the_definition(multiplier, 30, 9);
    TransposedConvolution1DLayer up(4, 6, {groups(2), stride(2)}),
        up_depthwise(5, 10, {groups(10), stride(3)});
    expect_the_definition(up, 15, 4);
    expect_the_definition(up_depthwise, 15, 10);
}

TEST(Semantics9, GroupsHaveWeightsOfTheirOwn) {
    Convolution1DLayer conv(3, 6, {groups(2)});
    conv.initialize("SCB", {20, 8, 1});
    EXPECT_EQ(conv.weights_count(), 3 * (8 / 2) * 6);
    EXPECT_EQ(conv.weights_size(8), (Sizes{3, 4, 6}));
    TransposedConvolution1DLayer up(3, 6, {groups(2)});
    up.set_weights(std::vector<float>(3 * 3 * 8));
    EXPECT_EQ(up.num_channels(), 8);
    EXPECT_EQ(up.weights_size(8), (Sizes{3, 3, 8}));
}

TEST(Semantics9, GroupsCountInTheInitializers) {
    Convolution1DLayer conv(3, 600, {groups(200), num_channels(400)});
    conv.initialize("SC", {9, 400});
    const double bound = std::sqrt(6.0 / (3 * 400 / 200 + 3 * 600 / 200));
    float largest = 0;
    for (const float w : conv.weights())
        largest = std::max(largest, std::abs(w));
    EXPECT_LE(largest, bound);
    EXPECT_GT(largest, 0.99 * bound);
}

TEST(Semantics9, GroupsThatDoNotDivide) {
    EXPECT_EQ(conv_error({groups(3)}),
              "convolution1dLayer: NumFilters is 4; expected a multiple of Groups, 3");
    EXPECT_EQ(conv_error({groups(2), num_channels(3)}),
              "convolution1dLayer: NumChannels is 3; expected a multiple of Groups, 2");
    EXPECT_EQ(conv_error({groups(0)}), "convolution1dLayer: Groups is 0; expected a positive integer");
    Convolution1DLayer conv(3, 4, {groups(2)});
    EXPECT_EQ(error_of([&] {
                  (void)conv.output_sizes("SC", {9, 5});
              }),
              "convolution1dLayer: input size of C is 5; expected a multiple of Groups, 2");
    Convolution1DLayer six(3, 4, {groups(2), num_channels(6)});
    EXPECT_EQ(error_of([&] { six.set_weights(std::vector<float>(3 * 6 * 4)); }),
              "convolution1dLayer: Weights is an array of 72 floats; expected 36, "
              "FilterSize*NumChannels/Groups*NumFilters");
}

TEST(Semantics9, ActivationsOfOutputAndInput) {
    for (int i = 0; i < activation_count; i++) {
        const char *kind = to_string(static_cast<Activation>(i));
        SCOPED_TRACE(kind);
        Convolution1DLayer conv(3, 5, {activation(kind), padding(2)});
        expect_the_definition(conv, 20, 3);
        Convolution1DLayer input(3, 5, {input_activation(kind), padding(2), padding_value("replicate")});
        expect_the_definition(input, 20, 3);
        TransposedConvolution1DLayer up(4, 5, {activation(kind), input_activation(kind), stride(2)});
        expect_the_definition(up, 11, 3);
    }
}

TEST(Semantics9, ActivationsInNumbers) {
    const auto act = [](const char *kind, std::vector<Option> options) {
        options.insert(options.end(), {weights({1}), activation(kind)});
        return output_of(Convolution1DLayer(1, 1, options), {-2, 0, 3});
    };
    EXPECT_EQ(act("relu", {}), (std::vector<float>{0, 0, 3}));
    EXPECT_EQ(act("leaky-relu", {activation_slope(0.5)}), (std::vector<float>{-1, 0, 3}));
    EXPECT_EQ(act("leaky-relu", {})[0], -0.02f);
    EXPECT_NEAR(act("sigmoid", {})[2], 0.95257413, 1e-7);
    EXPECT_NEAR(act("silu", {})[0], -0.23840584, 1e-7);
    EXPECT_NEAR(act("gelu", {})[0], -0.04550026, 1e-7);
    EXPECT_NEAR(act("gelu-tanh", {})[0], -0.04540231, 1e-7);
    EXPECT_NEAR(act("tanh", {})[2], 0.99505475, 1e-7);
}

TEST(Semantics9, InputActivationComesBeforePadding) {
    EXPECT_EQ(padded({-3, 1, 4}, {padding(2), padding_value("replicate"), input_activation("relu")}),
              (std::vector<float>{0, 0, 0, 1, 4, 4, 4}));
    EXPECT_EQ(padded({-3, 1, 4}, {padding(1), padding_value(-5), input_activation("relu")}),
              (std::vector<float>{-5, 0, 1, 4, -5}));
}

TEST(Semantics9, ActivationsThatAreNone) {
    EXPECT_EQ(
        conv_error({activation("swish")}),
        "convolution1dLayer: Activation is 'swish'; expected one of none, relu, leaky-relu, gelu, gelu-tanh, "
        "silu, tanh, sigmoid");
    EXPECT_EQ(conv_error({activation_slope(0.2)}),
              "convolution1dLayer: ActivationSlope is 0.2; expected none with Activation 'none'");
    EXPECT_EQ(conv_error({input_activation("leaky-relu"), input_activation_slope(INFINITY)}),
              "convolution1dLayer: InputActivationSlope is inf; expected a finite number");
}

TEST(Semantics9, ResidualIsAddedAfterTheActivation) {
    Convolution1DLayer conv(1, 1, {weights({1}), activation("relu")});
    std::vector<float> x{-2, 3}, r{10, 20};
    Tensor y("SC", {2, 1});
    conv.forward(ConstTensor("SC", {2, 1}, x.data()), ConstTensor("SC", {2, 1}, r.data()), y);
    EXPECT_EQ(values(y), (std::vector<float>{10, 23}));
}

TEST(Semantics9, ResidualMayBeTheOutputOrTheInput) {
    Convolution1DLayer conv(3, 4, {padding("same")});
    const Tensor x = noise_tensor<float>("SCB", 30, 4, 1);
    Tensor y("SCB", x.sizes());
    conv.forward(x, x, y);
    EXPECT_EQ(differs_from_the_definition(conv, x, y, x), "");
    Tensor in_place = noise_tensor<float>("SCB", 30, 4, 2);
    const std::vector<float> before = values(in_place);
    conv.forward(x, in_place, in_place);
    EXPECT_EQ(differs_from_the_definition(conv, x, in_place, ConstTensor("SCB", x.sizes(), before.data())),
              "");
}

/// Of which the last vector begins within the one before.
TEST(Semantics9, ResidualMayBeTheOutputOfChannelsThatFillNoVectors) {
    for (const char *format : {"SCB", "CSB"}) {
        for (const std::int64_t each : {37, 1}) {
            Convolution1DLayer conv(3, 37, {padding("same"), groups(each)});
            const Tensor x = noise_tensor<float>(format, 20, 37, 1);
            Tensor in_place = noise_tensor<float>(format, 20, 37, 2);
            const std::vector<float> before = values(in_place);
            conv.forward(x, in_place, in_place);
            const ConstTensor residual(format, x.sizes(), before.data());
            EXPECT_EQ(differs_from_the_definition(conv, x, in_place, residual), "") << format << ", " << each;
        }
    }
}

TEST(Semantics9, ResidualOfAnyStrides) {
    Convolution1DLayer conv(3, 4, {padding("same")});
    for (const char *format : {"SCB", "CSB", "SCBT"}) {
        SCOPED_TRACE(format);
        const Tensor x = noise_tensor<float>(format, 30, 5, 1);
        Tensor y(format, conv.output_sizes(format, x.sizes()));
        Spread residual(format, y.sizes(), 3);
        residual.fill(4);
        conv.forward(x, residual.view(), y);
        EXPECT_EQ(differs_from_the_definition(conv, x, y, residual.view()), "");
        conv.prepare(x);
        Tensor added(format, y.sizes());
        Workspace workspace = conv.make_workspace(x);
        EXPECT_EQ(conv.forward(x, added, y, workspace), Status::ok);
        EXPECT_EQ(differs_from_the_definition(conv, x, y, added), "");
    }
}

TEST(Semantics9, ResidualThatDoesNotFit) {
    Convolution1DLayer conv(3, 4, {padding("same")});
    const Tensor x = noise_tensor<float>("SCB", 30, 4, 1);
    Tensor y("SCB", x.sizes());
    const auto refusal = [&](const ConstTensor &residual) {
        return error_of([&] { conv.forward(x, residual, y); });
    };
    EXPECT_EQ(refusal(Tensor("SCB", {29, 4, 2})),
              "convolution1dLayer: residual sizes are [29 4 2]; expected those of the output, [30 4 2]");
    EXPECT_EQ(refusal(Tensor("CSB", {4, 30, 2})),
              "convolution1dLayer: residual format is 'CSB'; expected 'SCB' as of the output");
    EXPECT_EQ(
        refusal(ConstTensor("SCB", {30, 4, 2}, {1, 30, 60}, y.data())),
        "convolution1dLayer: residual overlaps the output; expected the output itself or memory of its own");
    Workspace workspace = conv.make_workspace(x);
    EXPECT_EQ(conv.forward(x, ConstTensor(Tensor("SCB", {29, 4, 2})), y, workspace),
              Status::invalid_argument);
}

TEST(Semantics9, TransposedDilationAndOutputPadding) {
    TransposedConvolution1DLayer coprime(5, 3, {stride(3), dilation_factor(2)}),
        common(4, 3, {stride(4), dilation_factor(6), cropping(3, 2), output_padding(5)}),
        same(3, 2, {stride(2), dilation_factor(3), cropping("same")});
    expect_the_definition(coprime, 13, 2);
    expect_the_definition(common, 13, 2);
    expect_the_definition(same, 13, 2);
    EXPECT_EQ(coprime.output_sizes("SC", {13, 2})[0], 12 * 3 + 4 * 2 + 1);
    EXPECT_EQ(common.output_sizes("SC", {13, 2})[0], 12 * 4 + 3 * 6 + 1 - 5 + 5);
    EXPECT_EQ(same.output_sizes("SC", {13, 2})[0], 26);
    EXPECT_EQ(same.cropping_size(13), (Ends{2, 3})); // (K-1)*d + 1 - s is 5
}

TEST(Semantics9, OutputPaddingBelowStrideOrDilation) {
    EXPECT_EQ(transposed_error({stride(2), output_padding(2)}),
              "transposedConv1dLayer: OutputPadding is 2; expected less than 2, the larger of Stride and "
              "DilationFactor");
    EXPECT_EQ(transposed_error({output_padding(-1)}),
              "transposedConv1dLayer: OutputPadding is -1; expected a nonnegative integer");
}

TEST(Semantics9, Float64) {
    Convolution1DLayer64 dense(5, 40, {padding(2)}), grouped(3, 12, {groups(12), activation("gelu")}),
        strided(4, 3, {stride(3), padding_value(0.1), padding("same"), input_activation("tanh")});
    expect_the_definition(dense, 50, 7);
    expect_the_definition(grouped, 50, 12);
    expect_the_definition(strided, 50, 2);
    TransposedConvolution1DLayer64 up(7, 30, {stride(3), activation("silu")});
    expect_the_definition(up, 20, 5);
    EXPECT_EQ(dense.element(), ElementType::float64);
}

/// The layer uses minimal filtering for a signal in `SCB` order, or its target has none.
bool is_minimal(const Layer &layer, const Sizes &sizes) {
    const bool has_any = layer.target() == Target::x86_64_avx512 || layer.target() == Target::x86_64_avx2;
    return (layer.kernel_for("SC", sizes).schedule->weight_order == WeightOrder::minimal_filter) == has_any;
}

TEST(Semantics9, MinimalFilteringStaysWithinItsBound) {
    Convolution1DLayer adjacent(11, 16, {padding("same"), filtering("minimal")}),
        dilated(11, 40,
                {padding("causal"), dilation_factor(5), filtering("minimal"), activation("gelu"),
                 input_activation("leaky-relu")}),
        mirrored(3, 10, {padding(4), padding_value("symmetric-exclude-edge"), filtering("minimal")});
    EXPECT_TRUE(is_minimal(adjacent, {192, 40}));
    expect_the_definition(adjacent, 192, 40);
    expect_the_definition(dilated, 407, 5);
    expect_the_definition(mirrored, 211, 30);
}

TEST(Semantics9, MinimalFilteringIsOnlyUsedWhereItIsAllowed) {
    Convolution1DLayer direct(7, 64), minimal(7, 64, {filtering("minimal")});
    EXPECT_NE(direct.kernel_for("SC", {300, 64}).schedule->weight_order, WeightOrder::minimal_filter);
    EXPECT_TRUE(is_minimal(minimal, {300, 64}));
    EXPECT_FALSE(direct.minimal_filtering());
    EXPECT_TRUE(minimal.minimal_filtering());
    EXPECT_EQ(conv_error({filtering("fast")}),
              "convolution1dLayer: Filtering is 'fast'; expected 'direct' or 'minimal'");
}

/// Root of the mean square of the distance from float64.
double distance_from_float64(const char *how, std::int64_t taps) {
    Convolution1DLayer layer(taps, 64, {padding("same"), filtering(how)});
    const Tensor x = noise_tensor<float>("SC", 768, 64, 1);
    EXPECT_TRUE(!layer.minimal_filtering() || is_minimal(layer, x.sizes())) << taps;
    const Tensor y = layer.forward(x);
    Convolution1DLayer64 exact(
        taps, 64,
        {padding("same"), weights(std::vector<double>(layer.weights().begin(), layer.weights().end()))});
    Tensor64 x64("SC", x.sizes());
    std::copy_n(x.data(), x.elements(), x64.data());
    const Tensor64 want = exact.forward(x64);
    double squares = 0;
    for (std::int64_t i = 0; i < y.elements(); i++)
        squares += std::pow(static_cast<double>(y.data()[i]) - want.data()[i], 2);
    return std::sqrt(squares / static_cast<double>(y.elements()));
}

TEST(Semantics9, MinimalFilteringIsAsARuleAboutTwiceAsFarOff) {
    for (const std::int64_t taps : {4, 7, 11, 30}) {
        const double ratio = distance_from_float64("minimal", taps) / distance_from_float64("direct", taps);
        EXPECT_LT(ratio, 3) << taps;
        RecordProperty("times_as_far_with_" + std::to_string(taps) + "_taps", std::to_string(ratio));
    }
}

/// Neighbours in the same products have no finite value either; all others are as if nothing had happened.
TEST(Semantics9, MinimalFilteringOfASampleThatIsNotFinite) {
    Convolution1DLayer conv(7, 64, {padding("same"), filtering("minimal")});
    Tensor x("SC", {384, 64});
    EXPECT_TRUE(is_minimal(conv, x.sizes()));
    x.data()[203] = 1;
    const Tensor before = conv.forward(x);
    x.data()[203] = INFINITY;
    const Tensor after = conv.forward(x);
    for (std::int64_t f = 0; f < 64; f++) {
        for (std::int64_t i = 0; i < 384; i++) {
            const float y = after.data()[f * 384 + i];
            if (i >= 200 && i <= 206) {
                EXPECT_FALSE(std::isfinite(y)) << i;
            } else if (i < 200 - 6 || i > 206 + 3) {
                EXPECT_EQ(y, before.data()[f * 384 + i]) << i;
            }
        }
    }
}

template <class Layer1D, class Input>
concept Takes = requires(Layer1D &layer, const Input &input) {
    layer.forward(input);
};

TEST(Semantics9, AMixtureOfTypes) {
    static_assert(Takes<Convolution1DLayer, Tensor>);
    static_assert(!Takes<Convolution1DLayer, Tensor64>);
    static_assert(!Takes<Convolution1DLayer64, Tensor>);
    EXPECT_EQ(error_of([] {
                  Convolution1DLayer64(2, 1, {weights({1, 2})});
              }),
              "convolution1dLayer: Weights is an array of 2 floats; expected an array of doubles");
    EXPECT_EQ(error_of([] {
                  Convolution1DLayer(2, 1, {weights_initializer([](const Sizes &) {
                                         return std::vector<double>{1, 2};
                                     })});
              }),
              "convolution1dLayer: WeightsInitializer is a function that returns doubles; expected one that "
              "returns "
              "floats");
    const Convolution1DLayer64 layer(2, 1, {weights(std::vector<double>{0.1, 1e300})});
    EXPECT_EQ(layer.weights(), (std::vector<double>{0.1, 1e300}));
}

TEST(Semantics9, DisplayOfExtensions) {
    std::ostringstream text;
    Convolution1DLayer64 conv(3, 4, {groups(2), activation("leaky-relu"), weights(std::vector<double>(24))});
    print(text, conv);
    EXPECT_NE(text.str().find(
                  "             Groups: 2\n         Activation: 'leaky-relu'\n    ActivationSlope: 0.01\n"),
              std::string::npos)
        << text.str();
    EXPECT_NE(text.str().find("[3x2x4 double]"), std::string::npos) << text.str();
}

/// A residual of other strides than the output may mean another kernel, and another workspace.
TEST(Residual, AStridedResidualInTheCallThatDoesNotAllocate) {
    Convolution1DLayer layer(3, 64, {groups(64), padding("same"), num_channels(64)});
    const Tensor x = noise_tensor<float>("SC", 50, 64, 1);
    std::vector<float> memory = noise(50 * 64, 2);
    const ConstTensor residual("SC", {50, 64}, {64, 1}, memory.data());
    Tensor expected("SC", {50, 64}), y("SC", {50, 64});
    layer.forward(x, residual, expected);
    layer.prepare(x, residual, y);
    Workspace workspace = layer.make_workspace(x, residual, y);
    EXPECT_EQ(layer.forward(x, residual, y, workspace), Status::ok);
    EXPECT_EQ(values(y), values(expected));
}

} // namespace
} // namespace conv1d
