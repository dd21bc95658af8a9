#include "layer_maker.h"

#include "kernel_list.h"
#include "option_text.h"

#include "bench/machine.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace conv1d::tool {
namespace {

/// The layers' words and ours. A longer word comes before one that it begins with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> words{
    {{"convolution1dLayer: ", ""},
     {"transposedConv1dLayer: ", ""},
     {"DilationFactor", "--dilation"},
     {"PaddingValue", "--padding-value"},
     {"Padding", "--padding"},
     {"padded input length", "input length with --padding"},
     {"Cropping", "--cropping"},
     {"SameExtra", "--same-extra"},
     {"Filtering", "--filtering"},
     {"InputActivationSlope", "--input-slope"},
     {"InputActivation", "--input-activation"},
     {"ActivationSlope", "--slope"},
     {"Activation", "--activation"},
     {"OutputPadding", "--output-padding"},
     {"Groups", "--groups"},
     {"Stride", "--stride"},
     {"FilterSize", "taps"},
     {"NumFilters", "filters"},
     {"NumChannels", "channels"},
     {"schedule is", "--kernel is"},
     {"target is", "--target is"}}};

std::string in_our_words(std::string_view message) {
    std::string result;
    while (!message.empty()) {
        const auto word =
            std::ranges::find_if(words, [&](const auto &w) { return message.starts_with(w.first); });
        result += word == words.end() ? message.substr(0, 1) : word->second;
        message.remove_prefix(word == words.end() ? 1 : word->first.size());
    }
    return result;
}

template <class Function>
auto with_our_words(Function function) {
    try {
        return function();
    } catch (const std::invalid_argument &error) {
        throw std::invalid_argument(in_our_words(error.what()));
    }
}

template <class T>
std::unique_ptr<BasicLayer<T>> make_layer(const Options &options) {
    const Problem &p = options.problem;
    std::vector<Option> settings{stride(p.stride),
                                 dilation_factor(p.dilation),
                                 same_extra(options.same_extra),
                                 num_channels(p.channels),
                                 groups(p.groups),
                                 activation(to_string(p.activation)),
                                 input_activation(to_string(p.input_activation))};
    if (options.slope)
        settings.push_back(activation_slope(*options.slope));
    if (options.input_slope)
        settings.push_back(input_activation_slope(*options.input_slope));
    if (p.operation == Operation::convolution) {
        settings.push_back(padding(options.ends));
        settings.push_back(padding_value(options.padding_value));
        settings.push_back(filtering(p.minimal_filtering ? "minimal" : "direct"));
        return std::make_unique<BasicConvolution1DLayer<T>>(p.taps, p.filters, settings);
    }
    settings.push_back(cropping(options.ends));
    settings.push_back(output_padding(p.output_padding));
    return std::make_unique<BasicTransposedConvolution1DLayer<T>>(p.taps, p.filters, settings);
}

template <class T>
Problem problem_as(const Options &options) {
    const Setup<T> setup = make_setup<T>(options);
    return with_our_words([&] { return setup.layer->problem_for(setup.format, setup.sizes); });
}

/// The number of `options` that a label of its format stands for.
template <class AnyOptions>
auto &size_of(char label, AnyOptions &options) {
    const bool steps = label == 'T' && options.format.find('S') != std::string::npos;
    return label == 'B'   ? options.problem.batch
           : label == 'C' ? options.problem.channels
           : steps        ? options.steps
                          : options.problem.length;
}

/// "[B][C][S]": the dimensions of an array in C order.
std::string array_labels(const std::string &format) {
    std::string labels;
    for (std::size_t i = format.size(); i-- > 0;)
        labels += std::string("[") + format[i] + "]";
    return labels;
}

} // namespace

Sizes input_sizes(const Options &options) {
    Sizes sizes(std::vector<std::int64_t>(options.format.size()));
    for (std::size_t i = 0; i < options.format.size(); i++)
        sizes[static_cast<int>(i)] = size_of(options.format[i], options);
    const auto has = [&](char label) { return options.format.find(label) != std::string::npos; };
    const auto refuse = [&](const char *option, std::int64_t value) {
        throw std::invalid_argument(std::string(option) + " is " + std::to_string(value) +
                                    "; expected 1 with --format " + options.format);
    };
    if (options.problem.batch != 1 && !has('B'))
        refuse("--batch", options.problem.batch);
    if (options.steps != 1 && !(has('T') && has('S')))
        refuse("--steps", options.steps);
    return sizes;
}

void take_input_shape(const std::string &what, const NpyShape &shape, Options &options) {
    const std::string &format = options.format;
    if (shape.size() != format.size()) {
        throw std::invalid_argument(what + " has shape " + to_string(shape) + "; expected " +
                                    std::to_string(format.size()) + " dimensions, " + array_labels(format) +
                                    ", with --format " + format);
    }
    for (std::size_t i = 0; i < format.size(); i++) {
        const std::int64_t size = shape[shape.size() - 1 - i];
        if (size > largest_integer) {
            throw std::invalid_argument(what + " has shape " + to_string(shape) + "; expected at most " +
                                        std::to_string(largest_integer) + " in each dimension");
        }
        size_of(format[i], options) = size;
    }
}

template <class T>
Setup<T> make_setup(const Options &options) {
    check_kernel_name(options.kernel, builtin_kernels());
    return with_our_words([&] {
        Setup<T> setup{make_layer<T>(options), options.format, input_sizes(options)};
        setup.layer->set_threads(options.threads);
        if (options.target)
            setup.layer->force_target(*options.target);
        setup.layer->force_schedule(options.kernel);
        return setup;
    });
}

template Setup<float> make_setup(const Options &);
template Setup<double> make_setup(const Options &);

Problem problem_of(const Options &options) {
    return options.problem.element == ElementType::float32 ? problem_as<float>(options)
                                                           : problem_as<double>(options);
}

void check_memory(const Problem &problem) {
    const double needed = problem.bytes(), memory = bench::memory_bytes();
    if (needed > memory) {
        const auto megabytes = [](double bytes) {
            return std::to_string(static_cast<std::int64_t>(1e-6 * bytes));
        };
        throw std::runtime_error("input, weights and output take " + megabytes(needed) +
                                 " MB; expected at most " + megabytes(memory) + " MB, this machine's memory");
    }
}

NpyShape shape_of(const Sizes &sizes) {
    return {std::make_reverse_iterator(sizes.end()), std::make_reverse_iterator(sizes.begin())};
}

} // namespace conv1d::tool
