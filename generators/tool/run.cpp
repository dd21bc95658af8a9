#include "commands.h"
#include "layer_maker.h"
#include "npy.h"
#include "runtime/files/output_file.h"

#include <filesystem>
#include <ostream>
#include <span>
#include <stdexcept>
#include <utility>

namespace conv1d::tool {
namespace {

struct Arrays {
    NpyArray input, weights, bias, residual; ///< the last two: of no values if there are none
};

/// "--input x.npy": how messages name a file.
std::string named(const std::string &option, const std::string &path) {
    return option + " " + path;
}

/// Calls `work`, which has to do with the file of that option.
template <class Work>
auto of_option(const std::string &option, Work work) {
    try {
        return work();
    } catch (const std::runtime_error &error) {
        throw std::invalid_argument(option + " " + error.what());
    }
}

NpyArray read_option(const std::string &option, const std::string &path) {
    return of_option(option, [&] { return read_npy(path); });
}

void check_output(const Options &options) {
    of_option("--output", [&] { return detail::output_place(options.output); });
    for (const auto &[option, path] : {std::pair{"--input", options.input},
                                       {"--weights", options.weights},
                                       {"--bias", options.bias},
                                       {"--residual", options.residual}}) {
        std::error_code error;
        if (std::filesystem::equivalent(path, options.output, error))
            throw std::invalid_argument("--output " + options.output + " is the file of " + option +
                                        "; expected another");
    }
}

void check_type(const std::string &what, const NpyArray &array, const Options &options,
                const Arrays &arrays) {
    if (array.values.index() != arrays.input.values.index()) {
        throw std::invalid_argument(what + " is " + type_name(array) + "; expected " +
                                    type_name(arrays.input) + ", the type of " +
                                    named("--input", options.input));
    }
}

Arrays read_arrays(const Options &options) {
    Arrays arrays{read_option("--input", options.input), read_option("--weights", options.weights), {}, {}};
    check_type(named("--weights", options.weights), arrays.weights, options, arrays);
    if (!options.bias.empty()) {
        arrays.bias = read_option("--bias", options.bias);
        check_type(named("--bias", options.bias), arrays.bias, options, arrays);
    }
    if (!options.residual.empty()) {
        arrays.residual = read_option("--residual", options.residual);
        check_type(named("--residual", options.residual), arrays.residual, options, arrays);
    }
    return arrays;
}

/// Sets filters and taps from the weights' shape once it fits the input's channels and the groups.
void take_weights_shape(const NpyShape &shape, const NpyShape &input, Options &options) {
    Problem &p = options.problem;
    const bool convolution = p.operation == Operation::convolution;
    const bool divides = p.channels % p.groups == 0;
    const std::int64_t channels = convolution ? p.channels / p.groups : p.channels;
    const std::size_t channel_dimension = convolution ? 1 : 0;
    if (!divides || shape.size() != 3 || shape[channel_dimension] != channels) {
        const std::string number = divides ? std::to_string(channels) : "channels/groups";
        throw std::invalid_argument(
            named("--weights", options.weights) + " has shape " + to_string(shape) + "; expected " +
            (convolution ? "(filters, " + number + ", taps)" : "(" + number + ", filters/groups, taps)") +
            " for " + named("--input", options.input) + " of shape " + to_string(input) + " in --format " +
            options.format + (p.groups == 1 ? "" : " and --groups " + std::to_string(p.groups)));
    }
    p.filters = convolution ? shape[0] : shape[1] * p.groups;
    p.taps = shape[2];
}

void check_bias_shape(const NpyArray &bias, const Options &options) {
    if (!options.bias.empty() && bias.shape != NpyShape{options.problem.filters}) {
        throw std::invalid_argument(named("--bias", options.bias) + " has shape " + to_string(bias.shape) +
                                    "; expected " + to_string(NpyShape{options.problem.filters}) +
                                    ", one value for each filter of " + named("--weights", options.weights));
    }
}

/// The numbers of an array that has been checked to be of this type, or none of one that is not there.
template <class T>
std::vector<T> take_values(NpyArray &array) {
    auto *values = std::get_if<std::vector<T>>(&array.values);
    return values == nullptr ? std::vector<T>() : std::move(*values);
}

template <class T>
void run_as(const Options &options, Arrays &arrays, std::ostream &out) {
    const Setup<T> setup = make_setup<T>(options);
    check_memory(problem_of(options));
    BasicLayer<T> &layer = *setup.layer;
    layer.set_weights(take_values<T>(arrays.weights));
    layer.set_bias(take_values<T>(arrays.bias));
    const std::vector<T> values = take_values<T>(arrays.input), added = take_values<T>(arrays.residual);
    const BasicConstTensor<T> input(setup.format, setup.sizes, values.data());
    BasicTensor<T> output(setup.format, layer.output_sizes(setup.format, setup.sizes));
    const NpyShape shape = shape_of(output.sizes());
    if (options.residual.empty()) {
        layer.forward(input, output);
    } else {
        if (arrays.residual.shape != shape) {
            throw std::invalid_argument(named("--residual", options.residual) + " has shape " +
                                        to_string(arrays.residual.shape) + "; expected " + to_string(shape) +
                                        ", the output's");
        }
        layer.forward(input, {setup.format, output.sizes(), added.data()}, output);
    }
    write_npy(options.output, shape,
              std::span<const T>(output.data(), static_cast<std::size_t>(output.elements())));
    const Kernel &kernel = layer.kernel_for(setup.format, setup.sizes);
    out << kernel.schedule->name << " for " << to_string(kernel.target) << ": " << options.output
        << " has shape " << to_string(shape) << '\n';
}

} // namespace

void run(Options options, std::ostream &out) {
    check_output(options);
    Arrays arrays = read_arrays(options);
    take_input_shape(named("--input", options.input), arrays.input.shape, options);
    take_weights_shape(arrays.weights.shape, arrays.input.shape, options);
    check_bias_shape(arrays.bias, options);
    if (std::holds_alternative<std::vector<float>>(arrays.input.values)) {
        run_as<float>(options, arrays, out);
    } else {
        options.problem.element = ElementType::float64;
        run_as<double>(options, arrays, out);
    }
}

} // namespace conv1d::tool
