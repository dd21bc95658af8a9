// backward() of both layers: the adjoint identities, which hold whatever the kernels, and central differences
// through activations.
#include "conv1d/layers.h"
#include "runtime/error_of.h"
#include "tolerance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <random>

namespace conv1d::testing {
namespace {

class Random {
public:
    explicit Random(unsigned seed) : engine_(seed) {}
    std::int64_t from(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
    }
    bool sometimes() { return from(0, 2) == 0; }
    template <class T>
    void fill(T *values, std::int64_t count) {
        std::normal_distribution<double> normal;
        for (std::int64_t i = 0; i < count; i++)
            values[i] = static_cast<T>(normal(engine_));
    }
    template <class Range>
    auto of(const Range &range) {
        return range[static_cast<std::size_t>(from(0, static_cast<std::int64_t>(std::size(range)) - 1))];
    }

private:
    std::mt19937 engine_;
};

/// A layer, an input of it, and a gradient of its output. Its weights and bias are random.
template <class T>
struct Case {
    std::unique_ptr<BasicLayer<T>> layer;
    BasicTensor<T> x, y;
    std::string text;
};

const char *const formats[] = {"SCB", "CBT", "CSB", "SC", "SCBT", "BCS", "CTB"};

/// Sizes of a format, C and the convolved label given, the others random.
Sizes sizes_of(const std::string &format, std::int64_t channels, std::int64_t length, Random &random) {
    std::vector<std::int64_t> sizes;
    const char position = format.find('S') != std::string::npos ? 'S' : 'T';
    for (const char label : format)
        sizes.push_back(label == 'C' ? channels : label == position ? length : random.from(1, 3));
    Sizes result = sizes.size() == 2   ? Sizes{sizes[0], sizes[1]}
                   : sizes.size() == 3 ? Sizes{sizes[0], sizes[1], sizes[2]}
                                       : Sizes{sizes[0], sizes[1], sizes[2], sizes[3]};
    return result;
}

template <class T>
std::unique_ptr<BasicLayer<T>> random_layer(Random &random, std::int64_t &channels) {
    const std::int64_t groups = random.sometimes() ? random.from(1, 20) : 1;
    const std::int64_t filters = groups * random.from(1, groups > 1 ? 3 : 60);
    channels = groups * (groups > 1 && random.sometimes() ? 1 : random.from(1, 9));
    const std::int64_t taps = random.from(1, 9);
    std::vector<Option> options{stride(double(random.from(1, random.sometimes() ? 5 : 1))),
                                dilation_factor(double(random.from(1, random.sometimes() ? 4 : 1))),
                                conv1d::groups(double(groups))};
    if (random.sometimes()) {
        options.push_back(cropping(random.from(0, 3), random.from(0, 3)));
        return std::make_unique<BasicTransposedConvolution1DLayer<T>>(double(taps), double(filters), options);
    }
    const char *const values[] = {"replicate", "symmetric-include-edge", "symmetric-exclude-edge",
                                  "circular"};
    options.push_back(random.sometimes() ? padding("same") : padding(random.from(0, 12), random.from(0, 12)));
    options.push_back(random.sometimes() ? padding_value(0.75) : padding_value(random.of(values)));
    return std::make_unique<BasicConvolution1DLayer<T>>(double(taps), double(filters), options);
}

/// None if the layer has no output for the input that was drawn.
template <class T>
bool draw(Random &random, Case<T> &drawn) {
    std::int64_t channels = 1;
    drawn.layer = random_layer<T>(random, channels);
    const std::string format = random.of(formats);
    const std::int64_t length = random.from(1, random.sometimes() ? 300 : 30);
    drawn.x = BasicTensor<T>(format, sizes_of(format, channels, length, random));
    Sizes output;
    try {
        output = drawn.layer->output_sizes(format, drawn.x.sizes());
    } catch (const std::invalid_argument &) {
        return false;
    }
    drawn.y = BasicTensor<T>(format, output);
    random.fill(drawn.x.data(), drawn.x.elements());
    random.fill(drawn.y.data(), drawn.y.elements());
    drawn.layer->initialize(format, drawn.x.sizes());
    std::vector<T> weights(drawn.layer->weights().size());
    random.fill(weights.data(), static_cast<std::int64_t>(weights.size()));
    drawn.layer->set_weights(weights);
    drawn.text = to_string(drawn.layer->problem_for(format, drawn.x.sizes())) + " " + format;
    return true;
}

template <class T>
long double dot(const T *a, const T *b, std::int64_t count) {
    long double sum = 0;
    for (std::int64_t i = 0; i < count; i++)
        sum += static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
    return sum;
}

template <class T>
long double dot(const BasicTensor<T> &a, const BasicTensor<T> &b) {
    return dot(a.data(), b.data(), a.elements());
}

template <class T>
BasicTensor<T> absolute(const BasicTensor<T> &a) {
    BasicTensor<T> result(a.format(), a.sizes());
    for (std::int64_t i = 0; i < a.elements(); i++)
        result.data()[i] = std::abs(a.data()[i]);
    return result;
}

/// <|y|, |operation|(|x|)>: what rounding errors are relative to. Leaves the layer as it was.
template <class T>
long double magnitude(Case<T> &c) {
    const std::vector<T> weights = c.layer->weights();
    std::vector<T> sizes = weights;
    for (T &w : sizes)
        w = std::abs(w);
    c.layer->set_weights(sizes);
    const long double sum = dot(absolute(c.y), c.layer->forward(absolute(c.x)));
    c.layer->set_weights(weights);
    return sum;
}

/// Roundings on the way of any product to any of the three scalars.
template <class T>
double roundings(const Case<T> &c, const Problem &p) {
    const double forward = static_cast<double>(p.channels_per_group() * p.taps);
    const double backward = static_cast<double>(p.filters_per_group() * p.taps);
    const double folded = static_cast<double>(p.left + std::abs(p.right));
    const double summed = static_cast<double>(p.batch * std::max(p.output_length(), p.length));
    (void)c;
    return forward + backward + folded + summed + 8;
}

struct Tally {
    int cases = 0, transposed = 0, grouped = 0;
    double worst = 0;
};

/// <y, operation(x)> = <grad_input(y), x> = <grad_weights(x, y), W>; constant padding adds what it
/// contributes.
template <class T>
void check_adjoints(Case<T> &c, Tally &tally) {
    const Problem p = c.layer->problem_for(c.x.format(), c.x.sizes());
    BasicTensor<T> input_gradient(c.x.format(), c.x.sizes());
    std::vector<T> weights_gradient, bias_gradient;
    c.layer->backward(c.x, c.y, {&input_gradient, &weights_gradient, &bias_gradient});
    const std::vector<T> &weights = c.layer->weights();
    const long double forward = dot(c.y, c.layer->forward(c.x));
    const BasicTensor<T> silence(c.x.format(), c.x.sizes());
    const long double of_padding = dot(c.y, c.layer->forward(silence));
    const long double by_input = dot(input_gradient, c.x) + of_padding;
    const long double by_weights =
        dot(weights_gradient.data(), weights.data(), static_cast<std::int64_t>(weights.size()));
    const double mu = roundings(c, p) * unit_roundoff(p.element);
    const double bound = 2 * mu / (1 - mu) * static_cast<double>(magnitude(c)) + 1e-30;
    const double error =
        static_cast<double>(std::max(std::abs(forward - by_input), std::abs(forward - by_weights)));
    EXPECT_LE(error, bound) << c.text << " on " << to_string(c.layer->target());

    long double sum = 0, size = 0, of_bias = 0;
    for (std::int64_t i = 0; i < c.y.elements(); i++) {
        sum += c.y.data()[i];
        size += std::abs(c.y.data()[i]);
    }
    for (const T b : bias_gradient)
        of_bias += b;
    EXPECT_LE(std::abs(static_cast<double>(sum - of_bias)), 2 * mu / (1 - mu) * static_cast<double>(size))
        << c.text;
    tally.cases++;
    tally.transposed += p.operation == Operation::transposed_convolution;
    tally.grouped += p.groups > 1;
    tally.worst = std::max(tally.worst, error / bound);
}

template <class T>
void run_adjoints(const char *type, int cases_a_target) {
    for (int t = 0; t < target_count; t++) {
        const Target target = static_cast<Target>(t);
        if (is_gpu(target) || !is_supported(target))
            continue;
        Tally tally;
        Random random(static_cast<unsigned>(17 + t));
        while (tally.cases < cases_a_target && !::testing::Test::HasFailure()) {
            Case<T> c;
            if (!draw(random, c))
                continue;
            c.layer->force_target(target);
            check_adjoints(c, tally);
        }
        std::printf("adjoint identities, %s on %s: %d configurations (%d transposed, %d with groups), worst "
                    "error %.3f "
                    "of the bound\n",
                    type, to_string(target), tally.cases, tally.transposed, tally.grouped, tally.worst);
        EXPECT_EQ(tally.cases, cases_a_target);
    }
}

TEST(Gradients, AreAdjointInFloat64) {
    run_adjoints<double>("float64", 1000);
}

TEST(Gradients, AreAdjointInFloat32) {
    run_adjoints<float>("float32", 1000);
}

// Behaviour.

template <class T>
std::vector<T> values(const BasicTensor<T> &tensor) {
    return {tensor.data(), tensor.data() + tensor.elements()};
}

/// All three gradients, one after the other.
template <class T>
std::vector<T> all_gradients(Case<T> &c) {
    BasicTensor<T> input(c.x.format(), c.x.sizes());
    std::vector<T> weights, bias;
    c.layer->backward(c.x, c.y, {&input, &weights, &bias});
    std::vector<T> all = values(input);
    all.insert(all.end(), weights.begin(), weights.end());
    all.insert(all.end(), bias.begin(), bias.end());
    return all;
}

TEST(Gradients, AreTheSameBitsWithAnyNumberOfThreadsAndFromRunToRun) {
    Random random(5);
    int cases = 0;
    while (cases < 100) {
        Case<float> c;
        if (!draw(random, c))
            continue;
        const std::vector<float> one = all_gradients(c);
        EXPECT_EQ(all_gradients(c), one) << c.text;
        for (const int threads : {2, 4}) {
            c.layer->set_threads(threads);
            EXPECT_EQ(all_gradients(c), one) << c.text << " with " << threads << " threads";
        }
        cases++;
    }
}

/// Large enough for several threads to be woken.
TEST(Gradients, AreTheSameBitsWithThreadsInLargeLayers) {
    for (const char *format : {"SCB", "CSB"}) {
        Convolution1DLayer dense(5, 64, {padding("same")}),
            depthwise(9, 128, {groups(128), padding("causal")});
        for (Convolution1DLayer *layer : {&dense, &depthwise}) {
            const bool channels_first = format[0] == 'C';
            const std::int64_t channels = layer == &dense ? 48 : 128;
            const Sizes in = channels_first ? Sizes{channels, 700, 4} : Sizes{700, channels, 4};
            Tensor x(format, in), y(format, layer->output_sizes(format, in)), input(format, in);
            Random random(3);
            random.fill(x.data(), x.elements());
            random.fill(y.data(), y.elements());
            std::vector<std::vector<float>> results;
            for (const int threads : {1, 2, 4}) {
                layer->set_threads(threads);
                std::vector<float> weights, bias;
                layer->backward(x, y, {&input, &weights, &bias});
                weights.insert(weights.end(), bias.begin(), bias.end());
                weights.insert(weights.end(), input.data(), input.data() + input.elements());
                results.push_back(weights);
            }
            EXPECT_EQ(results[0], results[1]) << format;
            EXPECT_EQ(results[0], results[2]) << format;
        }
    }
}

/// The same bits as of calls with so many observations, one after the other.
void expect_sum_of_parts(const char *format, std::int64_t length, const std::vector<std::int64_t> &parts) {
    constexpr std::int64_t channels = 16;
    Convolution1DLayer layer(3, 16, {padding("same"), padding_value("circular"), activation("tanh")});
    std::int64_t batch = 0;
    for (const std::int64_t part : parts)
        batch += part;
    const auto sizes = [&](std::int64_t observations) {
        return format[0] == 'C' ? Sizes{channels, length, observations}
                                : Sizes{length, channels, observations};
    };
    Tensor x(format, sizes(batch)), y(format, sizes(batch)), input(format, sizes(batch));
    Random random(9);
    random.fill(x.data(), x.elements());
    random.fill(y.data(), y.elements());
    random.fill(input.data(), input.elements()); // to be overwritten
    std::vector<float> weights, bias, weights_of_parts, bias_of_parts;
    layer.backward(x, y, {&input, &weights, &bias});
    std::int64_t first = 0;
    for (const std::int64_t part : parts) {
        const std::int64_t start = first * length * channels, count = part * length * channels;
        Tensor part_x(format, sizes(part)), part_y(format, sizes(part)), part_input(format, sizes(part));
        std::copy_n(x.data() + start, count, part_x.data());
        std::copy_n(y.data() + start, count, part_y.data());
        layer.backward(part_x, part_y, {nullptr, &weights_of_parts, &bias_of_parts, first > 0});
        layer.backward(part_x, part_y, {&part_input, nullptr, nullptr});
        EXPECT_TRUE(std::equal(part_input.data(), part_input.data() + count, input.data() + start)) << first;
        first += part;
    }
    EXPECT_EQ(weights, weights_of_parts);
    EXPECT_EQ(bias, bias_of_parts);
}

TEST(Gradients, OfLargeBatchesAreThoseOfTheirPartsAddedUp) {
    for (const char *format : {"SCB", "CSB"}) {
        expect_sum_of_parts(format, 20000, {1, 1, 1}); // 2 MiB hold less than one observation
        expect_sum_of_parts(format, 8000, {2, 2, 1});  // and two of these
    }
}

TEST(Gradients, AreAddedToWhatIsThereOnRequest) {
    Random random(6);
    int cases = 0;
    while (cases < 200) {
        Case<double> c;
        if (!draw(random, c))
            continue;
        BasicTensor<double> once(c.x.format(), c.x.sizes()), twice(c.x.format(), c.x.sizes());
        std::vector<double> weights, bias;
        c.layer->backward(c.x, c.y, {&once, &weights, &bias});
        std::fill_n(twice.data(), twice.elements(), 1.0);
        std::vector<double> weights_twice(weights.size(), 1.0), bias_twice(bias.size(), 1.0);
        c.layer->backward(c.x, c.y, {&twice, &weights_twice, &bias_twice, true});
        const double mu = (roundings(c, c.layer->problem_for(c.x.format(), c.x.sizes())) + 2) * 0x1p-53;
        const double bound = 4 * mu * (static_cast<double>(magnitude(c)) + 1000);
        for (std::int64_t i = 0; i < once.elements(); i++)
            ASSERT_NEAR(twice.data()[i], once.data()[i] + 1, bound) << c.text;
        for (std::size_t i = 0; i < weights.size(); i++)
            ASSERT_NEAR(weights_twice[i], weights[i] + 1, bound) << c.text;
        for (std::size_t i = 0; i < bias.size(); i++)
            ASSERT_NEAR(bias_twice[i], bias[i] + 1, bound) << c.text;
        cases++;
    }
}

TEST(Gradients, OfASubsetAreThoseOfTheWhole) {
    Random random(8);
    Case<float> c;
    while (!draw(random, c)) {
    }
    const std::vector<float> all = all_gradients(c);
    Tensor input(c.x.format(), c.x.sizes());
    std::vector<float> weights, bias;
    c.layer->backward(c.x, c.y, {&input});
    c.layer->backward(c.x, c.y, {nullptr, &weights});
    c.layer->backward(c.x, c.y, {nullptr, nullptr, &bias});
    c.layer->backward(c.x, c.y, {});
    std::vector<float> parts = values(input);
    parts.insert(parts.end(), weights.begin(), weights.end());
    parts.insert(parts.end(), bias.begin(), bias.end());
    EXPECT_EQ(parts, all);
}

TEST(Gradients, RefuseWrongSizesBeforeAnythingIsWritten) {
    Convolution1DLayer layer(3, 2, {num_channels(1), name("c")});
    Tensor x("SC", {10, 1}), y("SC", {8, 2}), input("SC", {10, 1}), wrong("SC", {9, 1});
    std::fill_n(input.data(), 10, 7.0f);
    std::vector<float> weights(5, 7.0f), bias;
    EXPECT_EQ(error_of([&] { layer.backward(x, wrong, {&input}); }),
              "convolution1dLayer 'c': output gradient is 'SC' [9 1]; expected 'SC' [8 2], as the output");
    EXPECT_EQ(error_of([&] { layer.backward(x, y, {&wrong}); }),
              "convolution1dLayer 'c': input gradient is 'SC' [9 1]; expected 'SC' [10 1], as the input");
    EXPECT_EQ(error_of([&] {
                  layer.backward(x, y, {&input, &weights, nullptr, true});
              }),
              "convolution1dLayer 'c': weights gradient has 5 elements; expected 6 to accumulate in");
    EXPECT_EQ(error_of([&] {
                  layer.backward(x, y, {&input, nullptr, &bias, true});
              }),
              "convolution1dLayer 'c': bias gradient has 0 elements; expected 2 to accumulate in");
    EXPECT_EQ(error_of([&] { layer.backward(x, y, {&x}); }),
              "convolution1dLayer 'c': input gradient overlaps the input; expected memory of its own");
    EXPECT_EQ(values(input), std::vector<float>(10, 7.0f));
    EXPECT_EQ(weights, std::vector<float>(5, 7.0f));
}

TEST(Gradients, OfOutputsThatNoInputReachesAreZero) {
    TransposedConvolution1DLayer layer(1, 1, {stride(4), cropping("same"), weights({2})});
    Tensor x("SC", {2, 1}), y("SC", {8, 1}), input("SC", {2, 1});
    std::copy_n(std::data({3.f, 5.f}), 2, x.data());
    for (int i = 0; i < 8; i++)
        y.data()[i] = static_cast<float>(i + 1);
    std::vector<float> weights, bias;
    layer.backward(x, y, {&input, &weights, &bias});
    EXPECT_EQ(values(input), (std::vector<float>{2, 10}));
    EXPECT_EQ(weights, std::vector<float>{3 * 1 + 5 * 5});
    EXPECT_EQ(bias, std::vector<float>{36});
}

// Activations.

const char *const activation_names[] = {"relu", "leaky-relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid"};

/// The central difference of <y, layer(x)> along one number, unless a kink lies within.
template <class Set>
bool difference(Case<double> &c, double value, const Set &set, double &slope) {
    constexpr double step = 0x1p-14;
    const auto at = [&](double moved) {
        set(moved);
        return static_cast<double>(dot(c.y, c.layer->forward(c.x)));
    };
    const double before = at(value - step), here = at(value), after = at(value + step);
    set(value);
    slope = (after - before) / (2 * step);
    const double bend = std::abs(after - 2 * here + before); // step^2 times the second derivative, or a kink
    return bend < 1e-5 * (1 + std::abs(here));
}

TEST(Gradients, ThroughActivationsAreThoseOfCentralDifferences) {
    Random random(11);
    int compared = 0, kinks = 0;
    for (const bool transposed : {false, true}) {
        for (const char *outer : activation_names) {
            for (const char *inner : activation_names) {
                std::vector<Option> options{activation(outer), input_activation(inner), stride(2), groups(2)};
                Case<double> c;
                if (transposed)
                    c.layer = std::make_unique<TransposedConvolution1DLayer64>(3, 4, options);
                else {
                    options.push_back(padding(2, 3));
                    options.push_back(padding_value("symmetric-exclude-edge"));
                    c.layer = std::make_unique<Convolution1DLayer64>(3, 4, options);
                }
                c.x = Tensor64("SCB", {9, 4, 2});
                c.y = Tensor64("SCB", c.layer->output_sizes("SCB", c.x.sizes()));
                random.fill(c.x.data(), c.x.elements());
                random.fill(c.y.data(), c.y.elements());
                c.layer->initialize(c.x);
                Tensor64 input("SCB", c.x.sizes());
                std::vector<double> weights, bias;
                c.layer->backward(c.x, c.y, {&input, &weights, &bias});
                const auto compare = [&](double gradient, double value, const auto &set) {
                    double slope = 0;
                    if (!difference(c, value, set, slope)) {
                        kinks++;
                        return;
                    }
                    // Third derivatives times step^2/6, and roundings over the step.
                    EXPECT_NEAR(gradient, slope, 1e-6 * (1 + std::abs(slope))) << outer << " after " << inner;
                    compared++;
                };
                for (std::int64_t i = 0; i < c.x.elements(); i += 7)
                    compare(input.data()[i], c.x.data()[i], [&](double v) { c.x.data()[i] = v; });
                for (std::size_t i = 0; i < weights.size(); i += 5) {
                    std::vector<double> moved = c.layer->weights();
                    compare(weights[i], moved[i], [&](double v) {
                        moved[i] = v;
                        c.layer->set_weights(moved);
                    });
                }
                for (std::size_t i = 0; i < bias.size(); i++) {
                    std::vector<double> moved = c.layer->bias();
                    compare(bias[i], moved[i], [&](double v) {
                        moved[i] = v;
                        c.layer->set_bias(moved);
                    });
                }
            }
        }
    }
    std::printf("central differences through activations: %d compared, %d with a kink left out\n", compared,
                kinks);
    EXPECT_GT(compared, 20 * kinks);
    EXPECT_GT(compared, 1000);
}

} // namespace
} // namespace conv1d::testing
