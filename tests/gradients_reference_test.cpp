// backward() held against the definition in loops, through every option, in memory with gaps.
#include "activation_reference.h"
#include "conv1d/geometry.h"
#include "gradient_cases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

namespace conv1d::testing {
namespace {

/// A tensor in memory whose order is drawn, with gaps that hold a number of their own.
class View {
public:
    static constexpr double gap = -777;

    View(std::string_view format, const Sizes &sizes, Random &random) {
        std::vector<int> order;
        for (int i = 0; i < sizes.rank(); i++)
            order.insert(order.begin() + random.from(0, i), i);
        Sizes strides = sizes;
        std::int64_t span = 1, next = random.sometimes() ? random.from(1, 3) : 1;
        for (const int i : order) {
            strides[i] = next;
            span += (sizes[i] - 1) * next;
            next = next * sizes[i] + (random.sometimes() ? random.from(1, 5) : 0);
        }
        memory_.assign(static_cast<std::size_t>(span), gap);
        tensor_ = Tensor64(format, sizes, strides, memory_.data());
    }

    Tensor64 &tensor() { return tensor_; }
    /// The element of an index of a dense tensor of these sizes.
    double &operator[](std::size_t place_in_dense) {
        auto index = static_cast<std::int64_t>(place_in_dense);
        std::int64_t place = 0;
        for (int i = 0; i < tensor_.sizes().rank(); i++) {
            place += index % tensor_.sizes()[i] * tensor_.strides()[i];
            index /= tensor_.sizes()[i];
        }
        return memory_[static_cast<std::size_t>(place)];
    }
    void copy(const Tensor64 &dense) {
        for (std::int64_t i = 0; i < dense.elements(); i++)
            (*this)[static_cast<std::size_t>(i)] = dense.data()[i];
    }
    /// Elements of the memory that are not `gap`.
    std::int64_t written() const {
        return std::count_if(memory_.begin(), memory_.end(), [](double v) { return v != gap; });
    }

private:
    std::vector<double> memory_;
    Tensor64 tensor_;
};

/// A sum, and what its rounding errors are relative to.
struct Sum {
    long double value = 0, size = 0;
    void add(long double term, long double term_size) {
        value += term;
        size += term_size;
    }
};

/// The three gradients of a case, dense; sums of an input or an output are made for one of them at a time.
class Reference {
public:
    explicit Reference(Case<double> &c) : c_(c), p_(c.layer->problem_for(c.x.format(), c.x.sizes())) {
        const std::string format(c.x.format());
        channel_ = static_cast<int>(format.find('C'));
        position_ =
            static_cast<int>(format.find('S') != std::string::npos ? format.find('S') : format.find('T'));
        input.resize(static_cast<std::size_t>(c.x.elements()));
        weights.resize(c.layer->weights().size());
        bias.resize(c.layer->bias().size());
        for (std::int64_t n = 0; n < p_.batch; n++) {
            for (std::int64_t f = 0; f < p_.filters; f++)
                add_filter(f, n);
        }
        for (std::int64_t i = 0; i < c.x.elements(); i++) {
            const long double slope =
                activation_derivative_value<long double>(p_.input_activation, c.x.data()[i], p_.input_slope);
            Sum &sum = input[static_cast<std::size_t>(i)];
            sum = {sum.value * slope, sum.size * (std::abs(slope) + 1)};
        }
    }

    std::vector<Sum> input, weights, bias;
    bool at_a_kink = false; ///< the sign of some sum is a matter of rounding

private:
    /// Index of an element of a tensor of that format and of these sizes; `n` counts the other labels.
    std::int64_t at(const Sizes &sizes, std::int64_t position, std::int64_t channel, std::int64_t n) const {
        std::int64_t index = 0, step = 1;
        for (int i = 0; i < sizes.rank(); i++) {
            const bool other = i != position_ && i != channel_;
            index += step * (i == position_ ? position : i == channel_ ? channel : n % sizes[i]);
            n = other ? n / sizes[i] : n;
            step *= sizes[i];
        }
        return index;
    }

    /// f(output position, channel, input position or -1 in constant padding, index of the weight)
    template <class F>
    void each_product(std::int64_t filter, const F &f) const {
        const bool transposed = p_.operation == Operation::transposed_convolution;
        const std::int64_t channels = p_.channels_per_group(), filters = p_.filters_per_group();
        const std::int64_t group = filter / filters;
        for (std::int64_t c = group * channels; c < (group + 1) * channels; c++) {
            for (std::int64_t k = 0; k < p_.taps; k++) {
                const std::int64_t weight = transposed ? k + p_.taps * (filter % filters + filters * c)
                                                       : k + p_.taps * (c % channels + channels * filter);
                for (std::int64_t i = 0; i < (transposed ? p_.length : p_.output_length()); i++) {
                    const std::int64_t there = i * p_.stride + k * p_.dilation - p_.left;
                    if (!transposed)
                        f(i, c, sample(there), static_cast<std::size_t>(weight));
                    else if (there >= 0 && there < p_.output_length())
                        f(there, c, i, static_cast<std::size_t>(weight));
                }
            }
        }
    }

    std::int64_t sample(std::int64_t there) const {
        const std::int64_t length = p_.length;
        if (there >= 0 && there < length)
            return there;
        switch (p_.padding_mode) {
        case PaddingMode::constant:
            return -1;
        case PaddingMode::replicate:
            return extended_sample(there, length, Extension::replicate);
        case PaddingMode::symmetric_include_edge:
            return extended_sample(there, length, Extension::mirror_with_edge);
        case PaddingMode::symmetric_exclude_edge:
            return extended_sample(there, length, Extension::mirror_without_edge);
        case PaddingMode::circular:
            return extended_sample(there, length, Extension::periodic);
        }
        return -1;
    }

    void add_filter(std::int64_t f, std::int64_t n) {
        const std::vector<double> &w = c_.layer->weights();
        const double of_bias = c_.layer->bias()[static_cast<std::size_t>(f)];
        std::vector<Sum> z(static_cast<std::size_t>(p_.output_length()), {of_bias, std::abs(of_bias)}),
            dz = z;
        const auto active = [&](std::int64_t sample, std::int64_t c) {
            return sample < 0 ? static_cast<long double>(p_.padding_value)
                              : activation_value<long double>(p_.input_activation,
                                                              c_.x.data()[at(c_.x.sizes(), sample, c, n)],
                                                              p_.input_slope);
        };
        each_product(f, [&](std::int64_t i, std::int64_t c, std::int64_t sample, std::size_t weight) {
            const long double a = active(sample, c);
            z[static_cast<std::size_t>(i)].add(a * w[weight], (std::abs(a) + 1) * std::abs(w[weight]));
        });
        const bool linear = p_.activation == Activation::none || p_.activation == Activation::relu ||
                            p_.activation == Activation::leaky_relu;
        for (std::size_t i = 0; i < z.size(); i++) {
            const double g = c_.y.data()[at(c_.y.sizes(), static_cast<std::int64_t>(i), f, n)];
            at_a_kink = at_a_kink || (p_.activation != Activation::none && linear &&
                                      std::abs(z[i].value) < 1e-13 * z[i].size);
            const long double slope =
                activation_derivative_value<long double>(p_.activation, z[i].value, p_.slope);
            dz[i] = {slope * g, std::abs(slope * g) + (linear ? 0 : (z[i].size + 1) * std::abs(g))};
            bias[static_cast<std::size_t>(f)].add(dz[i].value, dz[i].size);
        }
        each_product(f, [&](std::int64_t i, std::int64_t c, std::int64_t sample, std::size_t weight) {
            const Sum &d = dz[static_cast<std::size_t>(i)];
            const long double a = active(sample, c);
            weights[weight].add(a * d.value, (std::abs(a) + 1) * d.size);
            if (sample >= 0) {
                input[static_cast<std::size_t>(at(c_.x.sizes(), sample, c, n))].add(
                    w[weight] * d.value, std::abs(w[weight]) * d.size);
            }
        });
    }

    Case<double> &c_;
    Problem p_;
    int channel_ = 0, position_ = 0;
};

/// As a part of the bound.
template <class Values>
double worst_error(Values &values, const std::vector<Sum> &expected, double roundings) {
    double worst = 0;
    std::int64_t i = 0;
    for (const Sum &sum : expected) {
        const auto value = static_cast<long double>(values[static_cast<std::size_t>(i++)]);
        const long double bound = roundings * 0x1p-53L * sum.size + 1e-300L;
        worst = std::max(worst, static_cast<double>(std::abs(value - sum.value) / bound));
    }
    return worst;
}

TEST(Gradients, MatchTheDefinitionThroughEveryOptionInViews) {
    const char *const names[] = {"none",      "relu", "leaky-relu", "gelu",
                                 "gelu-tanh", "silu", "tanh",       "sigmoid"};
    Random random(21);
    int cases = 0;
    double worst = 0;
    while (cases < 300 && !::testing::Test::HasFailure()) {
        std::vector<Option> options;
        for (const auto &set : {activation, input_activation}) {
            const std::string name = random.of(names);
            if (random.sometimes() && name != "none")
                options.push_back(set(name));
        }
        Case<double> c;
        if (!draw(random, c, options) || c.x.elements() * c.y.elements() > 1'000'000)
            continue;
        std::vector<double> b(c.layer->bias().size());
        random.fill(b.data(), static_cast<std::int64_t>(b.size()));
        c.layer->set_bias(b);
        const Reference reference(c);
        if (reference.at_a_kink)
            continue;
        View x(c.x.format(), c.x.sizes(), random), y(c.y.format(), c.y.sizes(), random),
            input(c.x.format(), c.x.sizes(), random);
        x.copy(c.x);
        y.copy(c.y);
        std::vector<double> weights, bias;
        c.layer->backward(x.tensor(), y.tensor(), {&input.tensor(), &weights, &bias});
        const double allowed = roundings(c.layer->problem_for(c.x.format(), c.x.sizes()));
        const double of_case = std::max({worst_error(input, reference.input, allowed),
                                         worst_error(weights, reference.weights, allowed),
                                         worst_error(bias, reference.bias, allowed)});
        EXPECT_LE(of_case, 1) << c.text;
        EXPECT_LE(input.written(), c.x.elements()) << "gaps were written: " << c.text;
        worst = std::max(worst, of_case);
        cases++;
    }
    std::printf("gradients against the definition: %d layers, worst error %.3f of the bound\n", cases, worst);
}

} // namespace
} // namespace conv1d::testing
