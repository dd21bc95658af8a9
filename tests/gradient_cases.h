#pragma once

// Random layers with an input and a gradient of their output.
#include "conv1d/layers.h"
#include "tolerance.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace conv1d::testing {

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

inline const char *const formats[] = {"SCB", "CBT", "CSB", "SC", "SCBT", "TCSB", "BCS", "CTB"};

/// Sizes of a format, C and the convolved label given, the others random.
inline Sizes sizes_of(const std::string &format, std::int64_t channels, std::int64_t length, Random &random) {
    std::vector<std::int64_t> sizes;
    const char position = format.find('S') != std::string::npos ? 'S' : 'T';
    for (const char label : format)
        sizes.push_back(label == 'C' ? channels : label == position ? length : random.from(1, 3));
    Sizes result = sizes.size() == 2   ? Sizes{sizes[0], sizes[1]}
                   : sizes.size() == 3 ? Sizes{sizes[0], sizes[1], sizes[2]}
                                       : Sizes{sizes[0], sizes[1], sizes[2], sizes[3]};
    return result;
}

/// Padding of any kind, or cropping and output padding.
inline void add_ends(bool transposed, std::int64_t most_output_padding, Random &random,
                     std::vector<Option> &options) {
    if (transposed && random.sometimes()) {
        options.push_back(cropping("same"));
    } else if (transposed) {
        options.push_back(cropping(random.from(0, 3), random.from(0, 3)));
        options.push_back(output_padding(double(random.from(0, most_output_padding))));
    } else {
        const char *const values[] = {"replicate", "symmetric-include-edge", "symmetric-exclude-edge",
                                      "circular"};
        const double numbers[] = {0, 0.75};
        options.push_back(random.sometimes()   ? padding("same")
                          : random.sometimes() ? padding("causal")
                                               : padding(random.from(0, 12), random.from(0, 12)));
        options.push_back(
            padding_value(random.from(0, 1) == 0 ? Value(random.of(values)) : Value(random.of(numbers))));
    }
}

/// \param options  further ones
template <class T>
std::unique_ptr<BasicLayer<T>> random_layer(Random &random, std::int64_t &channels,
                                            std::vector<Option> options) {
    const bool large = random.sometimes(); // fills register tiles
    const std::int64_t groups = random.sometimes() ? random.from(1, large ? 150 : 20) : 1;
    const std::int64_t filters = groups * random.from(1, groups > 1 ? 3 : 60);
    channels =
        groups * (groups > 1 && random.sometimes() ? 1 : random.from(1, large && groups <= 3 ? 40 : 9));
    const std::int64_t taps = random.from(1, 9), step = random.from(1, random.sometimes() ? 5 : 1),
                       dilation = random.from(1, random.sometimes() ? 4 : 1);
    options.push_back(stride(double(step)));
    options.push_back(dilation_factor(double(dilation)));
    options.push_back(conv1d::groups(double(groups)));
    const bool transposed = random.sometimes();
    add_ends(transposed, std::max(step, dilation) - 1, random, options);
    if (transposed)
        return std::make_unique<BasicTransposedConvolution1DLayer<T>>(double(taps), double(filters), options);
    return std::make_unique<BasicConvolution1DLayer<T>>(double(taps), double(filters), options);
}

/// None if the layer has no output for the input that was drawn.
template <class T>
bool draw(Random &random, Case<T> &drawn, const std::vector<Option> &options = {}) {
    std::int64_t channels = 1;
    drawn.layer = random_layer<T>(random, channels, options);
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
inline double roundings(const Problem &p) {
    const double forward = static_cast<double>(p.channels_per_group() * p.taps);
    const double backward = static_cast<double>(p.filters_per_group() * p.taps);
    const double folded = static_cast<double>(p.left + std::abs(p.right));
    const double summed = static_cast<double>(p.batch * std::max(p.output_length(), p.length));
    return forward + backward + folded + summed + 8;
}

template <class T>
std::vector<T> values(const BasicTensor<T> &tensor) {
    return {tensor.data(), tensor.data() + tensor.elements()};
}

} // namespace conv1d::testing
