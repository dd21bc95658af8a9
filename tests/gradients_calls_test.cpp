// backward() as it is called: threads, parts of a batch, accumulation, subsets, and what is refused.
#include "gradient_cases.h"
#include "runtime/error_of.h"

#include <gtest/gtest.h>

#include <limits>

namespace conv1d::testing {
namespace {

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

/// Causal layers of signals of one sample, of which only the last tap sees anything; integers, so that sums
/// are exact in any order.
TEST(Gradients, OfSinglePositionsAreSumsOverObservations) {
    constexpr std::int64_t batch = 70, channels = 12, taps = 4;
    Random random(5);
    for (const char *format : {"SCB", "CSB", "CBT"}) {
        for (const std::int64_t group_count : {std::int64_t{1}, channels}) {
            Convolution1DLayer layer(taps, channels, {padding("causal"), groups(double(group_count))});
            const Sizes sizes = format[0] == 'S'   ? Sizes{1, channels, batch}
                                : format[2] == 'B' ? Sizes{channels, 1, batch}
                                                   : Sizes{channels, batch, 1};
            Tensor x(format, sizes), y(format, sizes);
            for (Tensor *tensor : {&x, &y})
                for (std::int64_t i = 0; i < tensor->elements(); i++)
                    tensor->data()[i] = static_cast<float>(random.from(-9, 9));
            std::vector<float> weights, twice;
            layer.backward(x, y, {nullptr, &weights, nullptr});
            const std::int64_t in_group = channels / group_count;
            std::vector<float> expected(weights.size());
            for (std::int64_t f = 0; f < channels; f++)
                for (std::int64_t c = 0; c < in_group; c++)
                    for (std::int64_t b = 0; b < batch; b++)
                        expected[static_cast<std::size_t>((f * in_group + c + 1) * taps - 1)] +=
                            x.data()[b * channels + f / in_group * in_group + c] * y.data()[b * channels + f];
            EXPECT_EQ(weights, expected) << format << ' ' << group_count;
            twice = weights;
            layer.backward(x, y, {nullptr, &twice, nullptr, true});
            for (float &value : twice)
                value /= 2;
            EXPECT_EQ(twice, expected) << format << ' ' << group_count;
        }
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
        const double mu = (roundings(c.layer->problem_for(c.x.format(), c.x.sizes())) + 2) * 0x1p-53;
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

/// backward() keeps weights as its kernels take them: until they are others, for the taps that see a signal,
/// and for each of the operations that the padding needs.
TEST(Gradients, AreThoseOfTheWeightsAndTheBiasAtTheTime) {
    Random random(20);
    const auto numbers = [&](std::size_t count) {
        std::vector<float> values(count);
        random.fill(values.data(), static_cast<std::int64_t>(count));
        return values;
    };
    enum Change { weights, nothing, bias };
    for (const char *const of_padding : {"causal", "same"}) {
        std::vector<Option> options{padding(of_padding), dilation_factor(2), activation("tanh")};
        if (std::string(of_padding) == "same")
            options.push_back(padding_value("replicate"));
        Convolution1DLayer kept(5, 6, options);
        kept.initialize("CSB", {3, 40, 2});
        for (const std::int64_t length : {40, 6, 40, 9}) {
            for (const Change change : {weights, nothing, bias, weights, bias}) {
                if (change == weights) {
                    kept.set_weights(
                        numbers(kept.weights().size())); // the second ones may lie where they lay before
                    kept.set_weights(numbers(kept.weights().size()));
                } else if (change == bias) {
                    kept.set_bias(numbers(kept.bias().size()));
                }
                Convolution1DLayer fresh(5, 6, options);
                fresh.set_weights(kept.weights());
                fresh.set_bias(kept.bias());
                Tensor x("CSB", {3, length, 2}), y("CSB", {6, length, 2});
                random.fill(x.data(), x.elements());
                random.fill(y.data(), y.elements());
                Tensor of_kept("CSB", x.sizes()), of_fresh("CSB", x.sizes());
                std::vector<float> weights_of_kept, weights_of_fresh;
                kept.backward(x, y, {&of_kept, &weights_of_kept, nullptr});
                fresh.backward(x, y, {&of_fresh, &weights_of_fresh, nullptr});
                EXPECT_TRUE(std::equal(of_kept.data(), of_kept.data() + x.elements(), of_fresh.data()))
                    << of_padding << ", length " << length << ", change " << change;
                EXPECT_EQ(weights_of_kept, weights_of_fresh)
                    << of_padding << ", length " << length << ", change " << change;
            }
        }
    }
}

/// Sums of small integers are exact in any order. In float32, whose kernels read more where it lies.
TEST(Gradients, AreThoseOfDenseMemoryInMemoryWithGaps) {
    struct Layer {
        std::int64_t channels, filters, groups, taps, stride, dilation;
    };
    Random random(21);
    for (const Layer &l : {Layer{40, 40, 1, 3, 1, 3},
                           {4, 33, 1, 5, 1, 1},
                           {16, 12, 1, 2, 2, 1},
                           {32, 32, 2, 2, 1, 5},
                           {1, 16, 1, 9, 1, 7},
                           {70, 70, 70, 5, 1, 1},
                           {64, 128, 64, 3, 2, 2}}) {
        Convolution1DLayer layer(double(l.taps), double(l.filters),
                                 {groups(double(l.groups)), stride(double(l.stride)),
                                  dilation_factor(double(l.dilation)), padding("same"),
                                  padding_value("circular")});
        const Sizes sizes{l.channels, 50, 3}, gaps{1, l.channels + 3, 51 * (l.channels + 3)};
        layer.initialize("CSB", sizes);
        Tensor x("CSB", sizes), y("CSB", layer.output_sizes("CSB", sizes));
        std::vector<float> memory(static_cast<std::size_t>(3 * gaps[2]), 1e9F);
        Tensor in_gaps("CSB", sizes, gaps, memory.data());
        for (std::int64_t i = 0; i < x.elements(); i++) {
            x.data()[i] = float(random.from(-3, 3));
            in_gaps.data()[i % l.channels + i / l.channels % 50 * gaps[1] + i / l.channels / 50 * gaps[2]] =
                x.data()[i];
        }
        for (std::int64_t i = 0; i < y.elements(); i++)
            y.data()[i] = float(random.from(-3, 3));
        std::vector<float> dense, spread;
        layer.backward(x, y, {nullptr, &dense, nullptr});
        layer.backward(in_gaps, y, {nullptr, &spread, nullptr});
        EXPECT_EQ(dense, spread) << to_string(layer.problem_for("CSB", sizes));
        EXPECT_TRUE(std::any_of(dense.begin(), dense.end(), [](float g) { return g != 0; }));
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

/// Nothing else may lie in memory that is written, and no kernel can index more than 2^31 elements.
TEST(Gradients, RefuseMemoryThatTheyCannotWriteBeforeAnythingIsWritten) {
    Convolution1DLayer layer(3, 2, {num_channels(2), name("c")});
    std::vector<float> memory(20, 7.0f), of_x(20, 7.0f), of_y(16, 7.0f), none;
    const ConstTensor x("SC", {10, 2}, of_x.data()), y("SC", {8, 2}, of_y.data());
    Tensor input("SC", {10, 2}, memory.data()), shared("SC", {10, 2}, {1, 1}, memory.data()),
        far("SC", {10, 2}, {std::int64_t{1} << 30, 1}, memory.data()), part_of_y("SC", {10, 2}, &of_y[15]);
    const auto refusal = [&](const Gradients &gradients) {
        return error_of([&] { layer.backward(x, y, gradients); });
    };
    EXPECT_EQ(
        refusal({&shared, &none}),
        "convolution1dLayer 'c': input gradient strides are [1 1]; expected each to pass all elements of "
        "the smaller ones, so that no two share memory");
    EXPECT_EQ(
        refusal({&far, &none}),
        "convolution1dLayer 'c': input gradient span is 9663676418; expected at most 2147483647 elements");
    EXPECT_EQ(
        refusal({&part_of_y, &none}),
        "convolution1dLayer 'c': input gradient overlaps the output gradient; expected memory of its own");
    EXPECT_EQ(refusal({nullptr, &of_x}),
              "convolution1dLayer 'c': weights gradient overlaps the input; expected memory of its own");
    EXPECT_EQ(
        refusal({&input, nullptr, &memory}),
        "convolution1dLayer 'c': bias gradient overlaps the input gradient; expected memory of its own");
    EXPECT_EQ(refusal({nullptr, &none, &none}), "convolution1dLayer 'c': bias gradient is the vector of the "
                                                "weights gradient; expected one of its own");
    EXPECT_TRUE(none.empty());
    for (const std::vector<float> &values : {memory, of_x, of_y})
        EXPECT_EQ(values, std::vector<float>(values.size(), 7.0f));
    EXPECT_TRUE(layer.weights().empty());
}

/// A table of kernels that the gradient of the input is not among.
TEST(Gradients, RefuseAMissingKernelBeforeAnythingIsWritten) {
    std::vector<Kernel> convolutions;
    for (const Kernel &kernel : builtin_kernels()) {
        if (kernel.operation == Operation::convolution)
            convolutions.push_back(kernel);
    }
    Convolution1DLayer layer(3, 2, {stride(2), name("c")});
    layer.set_kernels({convolutions.data(), convolutions.size()});
    const Tensor x("SC", {10, 1}), y("SC", {4, 2});
    Tensor input("SC", {10, 1});
    std::vector<float> weights, bias;
    EXPECT_EQ(error_of([&] {
                  layer.backward(x, y, {&input, &weights, &bias});
              }),
              "convolution1dLayer 'c': target is " + std::string(to_string(layer.target())) +
                  "; expected one with a kernel for tconv_c2_l4_k3_s2_p0x-1");
    EXPECT_TRUE(weights.empty() && bias.empty());
    layer.backward(x, y, {nullptr, &weights, &bias});
    EXPECT_EQ(weights.size(), 6u);
}

/// One output is no matter of the stride, nor is one input of a transposed layer.
TEST(Gradients, TakeNoMemoryForStridesThatAreNotStepped) {
    Convolution1DLayer layer(2, 1, {stride(1e9), weights({3, 5}), bias({0})});
    Tensor x("SC", {3, 1}), y("SC", {1, 1}), input("SC", {3, 1});
    std::copy_n(std::data({1.f, 2.f, 4.f}), 3, x.data());
    y.data()[0] = 2;
    std::vector<float> weights_gradient, bias_gradient;
    layer.backward(x, y, {&input, &weights_gradient, &bias_gradient});
    EXPECT_EQ(values(input), (std::vector<float>{6, 10, 0}));
    EXPECT_EQ(weights_gradient, (std::vector<float>{2, 4}));
    EXPECT_EQ(bias_gradient, std::vector<float>{2});

    TransposedConvolution1DLayer transposed(2, 1, {stride(1e9), weights({3, 5}), bias({0})});
    transposed.backward(y, Tensor("SC", {2, 1}), {nullptr, &weights_gradient, nullptr});
    EXPECT_EQ(weights_gradient, (std::vector<float>{0, 0}));
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

} // namespace
} // namespace conv1d::testing
