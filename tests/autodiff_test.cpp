// backward() of both layers against Halide's own automatic differentiation of the definition, written here
// anew. It has no erf, so that "gelu" is left to the central differences of gradients_test.cpp.
#include "conv1d/layers.h"

#include <Halide.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <random>

namespace conv1d::testing {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

struct Configuration {
    Operation operation;
    int batch, channels, length, filters, taps, stride, dilation, groups, left, right, output_padding;
    PaddingMode padding_mode;
    double padding_value;
    Activation input_activation, activation;

    bool transposed() const { return operation == Operation::transposed_convolution; }
    int reach() const { return (taps - 1) * dilation; }
    int output_length() const {
        return transposed() ? (length - 1) * stride + reach() + 1 - left - right + output_padding
                            : (length + left + right - reach() - 1) / stride + 1;
    }
};

constexpr double slope = 0.125;
constexpr const char *padding_values[] = {"", "replicate", "symmetric-include-edge", "symmetric-exclude-edge",
                                          "circular"};
constexpr Activation activations[] = {Activation::none, Activation::relu,     Activation::leaky_relu,
                                      Activation::silu, Activation::tanh,     Activation::sigmoid,
                                      Activation::none, Activation::gelu_tanh};

Configuration random_configuration(std::mt19937 &random) {
    const auto from = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
    };
    for (;;) {
        Configuration c{};
        c.operation = from(0, 1) == 0 ? Operation::convolution : Operation::transposed_convolution;
        c.batch = from(1, 2);
        c.groups = from(0, 2) == 0 ? from(2, 3) : 1;
        c.channels = c.groups * from(1, 3);
        c.filters = c.groups * from(1, 3);
        c.length = from(1, 12);
        c.taps = from(1, 5);
        c.stride = from(1, 3);
        c.dilation = from(1, 3);
        c.left = from(0, c.transposed() ? c.reach() : 14);
        c.right = from(0, c.transposed() ? c.reach() : 14);
        if (c.transposed())
            c.output_padding = from(0, std::max(c.stride, c.dilation) - 1);
        else
            c.padding_mode = static_cast<PaddingMode>(from(0, 4));
        if (c.padding_mode == PaddingMode::constant && !c.transposed())
            c.padding_value = 0.5 * from(-1, 1);
        c.input_activation = activations[from(0, 7)];
        c.activation = activations[from(0, 7)];
        if (c.transposed() ? c.output_length() >= 1 : c.length + c.left + c.right > c.reach())
            return c;
    }
}

// The definition.

Expr activated(Activation activation, const Expr &z) {
    const auto constant = [&](double value) { return Halide::cast(z.type(), Expr(value)); };
    const Expr sigmoid = 1 / (1 + exp(-z));
    switch (activation) {
    case Activation::none:
        return z;
    case Activation::relu:
        return max(z, constant(0));
    case Activation::leaky_relu:
        return select(z > 0, z, constant(slope) * z);
    case Activation::silu:
        return z * sigmoid;
    case Activation::tanh:
        return tanh(z);
    case Activation::sigmoid:
        return sigmoid;
    case Activation::gelu_tanh:
        return constant(0.5) * z *
               (1 +
                tanh(constant(std::sqrt(2 / 3.14159265358979323846)) * (z + constant(0.044715) * z * z * z)));
    case Activation::gelu:
        break;
    }
    throw std::logic_error("this activation is not written here");
}

/// The sample of the signal that stands at `place` of the padded one.
Expr extended(PaddingMode mode, const Expr &place, int length) {
    const Expr within = place % (2 * length), without = place % std::max(2 * length - 2, 1);
    switch (mode) {
    case PaddingMode::symmetric_include_edge:
        return min(within, 2 * length - 1 - within);
    case PaddingMode::symmetric_exclude_edge:
        return min(without, std::max(2 * length - 2, 0) - without);
    case PaddingMode::circular:
        return place % length;
    default:
        return clamp(place, 0, length - 1);
    }
}

/// The gradients as one pipeline.
template <class T>
class Automatic {
public:
    using Array = Halide::Buffer<T>;

    explicit Automatic(const Configuration &c)
        : x(c.length, c.channels, c.batch), y(c.output_length(), c.filters, c.batch),
          weights(c.taps, c.transposed() ? c.filters / c.groups : c.channels / c.groups,
                  c.transposed() ? c.channels : c.filters),
          bias(c.filters), x_gradient(c.length, c.channels, c.batch),
          weights_gradient(c.taps, weights.dim(1).extent(), weights.dim(2).extent()),
          bias_gradient(c.filters) {
        Func in("in"), filter("filter"), offset("offset"), sums("sums"), out("out"), adjoint("adjoint");
        // What Halide derives asks for more than there is.
        in(i, ch, b) = x(within(x, 0, i), within(x, 1, ch), within(x, 2, b));
        filter(i, ch, f) = weights(within(weights, 0, i), within(weights, 1, ch), within(weights, 2, f));
        offset(f) = bias(within(bias, 0, f));
        adjoint = Halide::BoundaryConditions::constant_exterior(y, Halide::cast<T>(0));
        const int of_group = c.channels / c.groups, filters_of_group = c.filters / c.groups;
        const Expr group = f / filters_of_group;
        sums(i, f, b) = offset(f);
        if (c.transposed()) {
            const RDom r(0, c.taps, 0, of_group, 0, c.length);
            const Expr channel = clamp(group * of_group + r.y, 0, c.channels - 1);
            sums(i, f, b) += select(r.z * c.stride + r.x * c.dilation - c.left == i,
                                    activated(c.input_activation, in(r.z, channel, b)) *
                                        filter(r.x, f % filters_of_group, channel),
                                    Halide::cast<T>(0));
        } else {
            const RDom r(0, c.taps, 0, of_group);
            const Expr place = i * c.stride + r.x * c.dilation - c.left;
            const Expr channel = clamp(group * of_group + r.y, 0, c.channels - 1);
            const Expr sample = clamp(extended(c.padding_mode, place, c.length), 0, c.length - 1);
            const Expr value = activated(c.input_activation, in(sample, channel, b));
            const bool constant = c.padding_mode == PaddingMode::constant;
            const Expr padded = constant ? select(place >= 0 && place < c.length, value,
                                                  Halide::cast<T>(Expr(c.padding_value)))
                                         : value;
            sums(i, f, b) += padded * filter(r.x, r.y, f);
        }
        out(i, f, b) = activated(c.activation, sums(i, f, b));
        const Halide::Derivative d = propagate_adjoints(
            out, adjoint, {{0, y.dim(0).extent()}, {0, y.dim(1).extent()}, {0, y.dim(2).extent()}});
        for (Func func : {sums, d(sums, -1), d(sums, 0)})
            func.compute_root();
        pipeline_ = Halide::Pipeline({d(in), d(filter), d(offset)});
    }

    void run() { pipeline_.realize({x_gradient, weights_gradient, bias_gradient}); }

    Array x, y, weights, bias, x_gradient, weights_gradient, bias_gradient;

private:
    static Expr within(const Array &array, int dimension, const Expr &index) {
        return clamp(index, 0, array.dim(dimension).extent() - 1);
    }

    Var i{"i"}, ch{"ch"}, f{"f"}, b{"b"};
    Halide::Pipeline pipeline_;
};

template <class T>
std::unique_ptr<BasicLayer<T>> layer_of(const Configuration &c) {
    std::vector<Option> options{stride(c.stride),
                                dilation_factor(c.dilation),
                                groups(c.groups),
                                {"Activation", to_string(c.activation)},
                                {"InputActivation", to_string(c.input_activation)}};
    if (c.activation == Activation::leaky_relu)
        options.push_back({"ActivationSlope", slope});
    if (c.input_activation == Activation::leaky_relu)
        options.push_back({"InputActivationSlope", slope});
    if (c.transposed()) {
        options.push_back(cropping(c.left, c.right));
        options.push_back(output_padding(c.output_padding));
        return std::make_unique<BasicTransposedConvolution1DLayer<T>>(c.taps, c.filters, options);
    }
    options.push_back(padding(c.left, c.right));
    if (c.padding_mode == PaddingMode::constant)
        options.push_back(padding_value(c.padding_value));
    else
        options.push_back(padding_value(padding_values[static_cast<int>(c.padding_mode)]));
    return std::make_unique<BasicConvolution1DLayer<T>>(c.taps, c.filters, options);
}

/// The largest difference, in parts of its bound. Each gradient is a sum of products: with `terms` roundings
/// of its sum of sizes, `sizes`, and activations whose derivatives change by at most `curvature` of those.
template <class T>
double worst_of(const T *values, const Halide::Buffer<T> &expected, const Halide::Buffer<T> &sizes,
                double terms, double curvature) {
    double worst = 0;
    for (std::size_t n = 0; n < expected.number_of_elements(); n++) {
        const double bound =
            terms * (1 + curvature) * double(std::numeric_limits<T>::epsilon()) * double(sizes.begin()[n]);
        const double difference = std::abs(double(values[n]) - double(expected.begin()[n]));
        worst = std::max(worst, difference == 0 ? 0 : difference / bound);
    }
    return worst;
}

/// \return the worst difference of the three gradients
template <class T>
double compare(const Configuration &c, std::mt19937 &random) {
    Automatic<T> automatic(c);
    std::normal_distribution<double> normal;
    for (Halide::Buffer<T> *buffer : {&automatic.x, &automatic.y, &automatic.weights, &automatic.bias})
        buffer->for_each_value([&](T &value) { value = static_cast<T>(normal(random)); });
    automatic.run();

    const std::unique_ptr<BasicLayer<T>> layer = layer_of<T>(c);
    layer->set_weights({automatic.weights.begin(), automatic.weights.end()});
    layer->set_bias({automatic.bias.begin(), automatic.bias.end()});
    BasicTensor<T> x("SCB", {c.length, c.channels, c.batch}),
        y("SCB", {c.output_length(), c.filters, c.batch}), x_gradient("SCB", x.sizes());
    std::copy(automatic.x.begin(), automatic.x.end(), x.data());
    std::copy(automatic.y.begin(), automatic.y.end(), y.data());
    std::vector<T> weights_gradient, bias_gradient;
    layer->backward(x, y, {&x_gradient, &weights_gradient, &bias_gradient});

    // The sizes of the terms: the same with positive numbers, and activations that are no smaller than the
    // slopes of theirs, 1.2 at most.
    Configuration plain = c;
    plain.activation = plain.input_activation = Activation::none;
    plain.padding_value = std::abs(c.padding_value);
    Automatic<T> sizes(plain);
    double largest = 1;
    const auto positive = [&](Halide::Buffer<T> &to, const Halide::Buffer<T> &from) {
        for (std::size_t n = 0; n < from.number_of_elements(); n++) {
            to.begin()[n] = static_cast<T>(1.2) * std::abs(from.begin()[n]) + static_cast<T>(1e-3);
            largest = std::max(largest, double(to.begin()[n]));
        }
    };
    positive(sizes.x, automatic.x);
    positive(sizes.y, automatic.y);
    positive(sizes.weights, automatic.weights);
    positive(sizes.bias, automatic.bias);
    sizes.run();
    const double terms =
        c.taps * std::max(c.channels, c.filters) + c.batch * (c.output_length() + c.length) + 8;
    const bool curved = c.activation != Activation::none || c.input_activation != Activation::none;
    const double curvature = curved ? c.taps * c.channels * largest * largest : 0;
    return std::max(
        {worst_of(x_gradient.data(), automatic.x_gradient, sizes.x_gradient, terms, curvature),
         worst_of(weights_gradient.data(), automatic.weights_gradient, sizes.weights_gradient, terms,
                  curvature),
         worst_of(bias_gradient.data(), automatic.bias_gradient, sizes.bias_gradient, terms, curvature)});
}

template <class T>
void compare_many(int count, unsigned seed, const char *type) {
    std::mt19937 random(seed);
    double worst = 0;
    for (int n = 0; n < count; n++) {
        const Configuration c = random_configuration(random);
        double difference = 0;
        try {
            difference = compare<T>(c, random);
        } catch (const Halide::Error &error) { // which is no std::exception
            FAIL() << error.what();
        }
        ASSERT_LE(difference, 1) << "configuration " << n
                                 << (c.transposed() ? ": transposed, " : ": convolution, ") << "channels "
                                 << c.channels << ", length " << c.length << ", filters " << c.filters
                                 << ", taps " << c.taps << ", stride " << c.stride << ", dilation "
                                 << c.dilation << ", groups " << c.groups << ", ends " << c.left << " "
                                 << c.right << ", padding mode " << static_cast<int>(c.padding_mode)
                                 << ", activations " << to_string(c.input_activation) << " and "
                                 << to_string(c.activation);
        worst = std::max(worst, difference);
    }
    std::printf("automatic differentiation, %s: %d configurations, worst difference %.3f of its bound\n",
                type, count, worst);
}

TEST(AutomaticDifferentiation, AgreesInFloat64) {
    compare_many<double>(40, 1, "float64");
}

TEST(AutomaticDifferentiation, AgreesInFloat32) {
    compare_many<float>(40, 2, "float32");
}

} // namespace
} // namespace conv1d::testing
