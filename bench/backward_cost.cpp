// What the backward pass of the training layers (batch > 1) of shapes.csv costs beside the forward pass. One
// interleaved run a layer; the gradients are verified by the adjoint identities before.
#include "bench/interleaved.h"
#include "bench/shapes.h"
#include "conv1d/layers.h"

#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <random>
#include <stdexcept>

namespace conv1d::bench {
namespace {

constexpr int rounds = 15;

std::unique_ptr<conv1d::Layer> layer_of(const Problem &p) {
    const auto number = [](std::int64_t n) { return Value(static_cast<double>(n)); };
    std::vector<Option> options{stride(number(p.stride)), dilation_factor(number(p.dilation)),
                                groups(number(p.groups))};
    if (p.operation == Operation::transposed_convolution) {
        options.push_back(cropping(p.left, p.right));
        options.push_back(output_padding(number(p.output_padding)));
        return std::make_unique<TransposedConvolution1DLayer>(number(p.taps), number(p.filters), options);
    }
    options.push_back(padding(p.left, p.right));
    constexpr const char *values[] = {"", "replicate", "symmetric-include-edge", "symmetric-exclude-edge",
                                      "circular"};
    if (p.padding_mode != PaddingMode::constant)
        options.push_back(padding_value(values[static_cast<int>(p.padding_mode)]));
    return std::make_unique<Convolution1DLayer>(number(p.taps), number(p.filters), options);
}

Tensor random_tensor(const char *format, const Sizes &sizes, std::mt19937 &random) {
    Tensor tensor(format, sizes);
    std::normal_distribution<float> normal;
    for (std::int64_t i = 0; i < tensor.elements(); i++)
        tensor.data()[i] = normal(random);
    return tensor;
}

double dot(const float *a, const float *b, std::int64_t count) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; i++)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

struct Training {
    std::unique_ptr<conv1d::Layer> layer;
    Tensor x, y, output, input_gradient;
    std::vector<float> weights_gradient, bias_gradient;

    void forward() { layer->forward(x, output); }
    void backward(bool input, bool weights) {
        layer->backward(x, y,
                        {input ? &input_gradient : nullptr, weights ? &weights_gradient : nullptr,
                         weights ? &bias_gradient : nullptr});
    }
    /// <y, forward(x)> and its two adjoints, which random numbers make differ by far if one is wrong.
    void verify(const std::string &name) {
        forward();
        backward(true, true);
        const double whole = dot(y.data(), output.data(), y.elements());
        const double by_input = dot(input_gradient.data(), x.data(), x.elements());
        const double by_weights =
            dot(weights_gradient.data(), layer->weights().data(), layer->weights_count());
        const double size = std::sqrt(dot(y.data(), y.data(), y.elements()) *
                                      dot(output.data(), output.data(), output.elements()));
        if (!(std::abs(whole - by_input) <= 1e-5 * size && std::abs(whole - by_weights) <= 1e-5 * size))
            throw std::runtime_error(name + ": the gradients are not adjoint to the forward pass");
    }
};

void print_row(const std::string &name, const Problem &p, const char *format) {
    std::mt19937 random(1);
    Training t;
    t.layer = layer_of(p);
    const bool channels_first = format[0] == 'C';
    const Sizes sizes =
        channels_first ? Sizes{p.channels, p.length, p.batch} : Sizes{p.length, p.channels, p.batch};
    t.x = random_tensor(format, sizes, random);
    t.layer->initialize(t.x);
    t.output = Tensor(format, t.layer->output_sizes(format, sizes));
    t.y = random_tensor(format, t.output.sizes(), random);
    t.input_gradient = Tensor(format, sizes);
    t.verify(name);
    const std::vector<double> least =
        least_seconds({[&] { t.forward(); }, [&] { t.backward(true, false); },
                       [&] { t.backward(false, true); }, [&] { t.backward(true, true); }},
                      rounds, p.flops() > 1e8 ? 1 : 5);
    std::printf("%-26s %s %10.4f %8.1f %8.2f %8.2f %8.2f\n", name.c_str(), format, 1e3 * least[0],
                1e-9 * p.flops() / least[0], least[1] / least[0], least[2] / least[0], least[3] / least[0]);
    std::fflush(stdout);
}

void run() {
    std::printf("%-26s %s %10s %8s %8s %8s %8s\n", "layer", "   ", "forward ms", "GFLOP/s", "input",
                "weights", "backward");
    for (const char *format : {"SCB", "CSB"}) {
        for (const bench::Layer &layer : read_shapes(CONV1D_SHAPES_FILE)) {
            if (layer.problem.batch > 1)
                print_row(layer.name, layer.problem, format);
        }
    }
    std::printf(
        "input, weights (with bias), backward (all): times over the forward pass. Least of %d interleaved "
        "rounds, one thread, %s, verified before.\n",
        rounds, to_string(best_target(builtin_kernels())));
}

} // namespace
} // namespace conv1d::bench

int main() {
    try {
        conv1d::bench::run();
    } catch (const std::exception &error) {
        std::fprintf(stderr, "backward_cost: %s\n", error.what());
        return 1;
    }
    return 0;
}
