// What the backward pass of the training layers (batch > 1) of shapes.csv costs beside the forward pass and
// beside oneDNN's. One interleaved run a layer; before, the gradients are verified by the adjoint identities,
// and oneDNN's by ours. Arguments: names of layers, or none for all of them.
#include "bench/interleaved.h"
#include "bench/layer_of.h"
#include "bench/machine.h"
#include "bench/peers/onednn_backward.h"
#include "bench/roofline.h"
#include "bench/shapes.h"
#include "conv1d/layers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace conv1d::bench {
namespace {

constexpr int rounds = 15;

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

// oneDNN.

/// One way to ask it for the layer.
struct Asked {
    bool plain; ///< activations in the layer's memory order
    std::unique_ptr<OneDnnBackward> of;
};

template <class Expected>
void expect_near(const std::vector<float> &values, const Expected *expected, const std::string &what) {
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < values.size(); i++) {
        difference += std::pow(double(values[i]) - double(expected[i]), 2);
        size += std::pow(double(expected[i]), 2);
    }
    if (!(difference <= 1e-10 * size))
        throw std::runtime_error(what + ": oneDNN's differs from ours");
}

/// Of the shapes' formats, SCB and CSB, only.
std::vector<Asked> ask_onednn(const std::string &name, Problem p, const Training &t) {
    std::vector<Asked> asked;
    if (p.padding_mode != PaddingMode::constant || p.padding_value != 0)
        return asked;
    for (const bool two_dimensional : {false, true}) {
        for (const bool plain : {false, true}) {
            auto onednn =
                onednn_backward(p, {two_dimensional, plain ? Posing::Layout::plain : Posing::Layout::own},
                                t.x.data(), t.layer->weights().data(), t.y.data());
            if (!onednn)
                continue;
            onednn->input_gradient();
            onednn->weights_gradient();
            expect_near(onednn->input_values(), t.input_gradient.data(), name + ": input gradient");
            expect_near(onednn->weights_values(), t.weights_gradient.data(), name + ": weights gradient");
            expect_near(onednn->bias_values(), t.bias_gradient.data(), name + ": bias gradient");
            asked.push_back({plain, std::move(onednn)});
        }
    }
    return asked;
}

/// The least seconds of oneDNN's two primitives together, each posed as suits it best; 0 if it has none.
double onednn_seconds(const std::vector<Asked> &asked, bool plain, const double *least) {
    double input = 0, weights = 0;
    for (std::size_t i = 0; i < asked.size(); i++) {
        if (asked[i].plain != plain)
            continue;
        input = input == 0 ? least[2 * i] : std::min(input, least[2 * i]);
        weights = weights == 0 ? least[2 * i + 1] : std::min(weights, least[2 * i + 1]);
    }
    return input + weights;
}

// The table.

Training training_of(const Problem &p, const char *format) {
    std::mt19937 random(1);
    Training t;
    t.layer = layer_of(p);
    const Sizes sizes =
        format[0] == 'C' ? Sizes{p.channels, p.length, p.batch} : Sizes{p.length, p.channels, p.batch};
    t.x = random_tensor(format, sizes, random);
    t.layer->initialize(t.x);
    t.output = Tensor(format, t.layer->output_sizes(format, sizes));
    t.y = random_tensor(format, t.output.sizes(), random);
    t.input_gradient = Tensor(format, sizes);
    return t;
}

void print_row(const std::string &name, const Problem &p, const char *format) {
    Training t = training_of(p, format);
    t.verify(name);
    std::vector<Work> work{[&] { t.forward(); }, [&] { t.backward(true, false); },
                           [&] { t.backward(false, true); }, [&] { t.backward(true, true); }};
    const std::vector<Asked> asked = ask_onednn(name, p, t);
    for (const Asked &one : asked) {
        work.push_back([&] { one.of->input_gradient(); });
        work.push_back([&] { one.of->weights_gradient(); });
    }
    const std::vector<double> least = least_seconds(work, rounds, p.flops() > 1e8 ? 1 : 5);
    std::printf("%-25s %s %10.4f %8.1f %8.2f %8.2f %8.2f", name.c_str(), format, 1e3 * least[0],
                1e-9 * p.flops() / least[0], least[1] / least[0], least[2] / least[0], least[3] / least[0]);
    for (const bool plain : {true, false}) {
        if (const double seconds = onednn_seconds(asked, plain, least.data() + 4); seconds > 0)
            std::printf(" %8.2f", seconds / least[3]);
        else
            std::printf(" %8s", "none");
    }
    std::printf("\n");
    std::fflush(stdout);
}

/// The training layers, or those of them that have these names.
std::vector<bench::Layer> training_layers(const std::vector<std::string> &names) {
    std::vector<bench::Layer> training = read_shapes(CONV1D_SHAPES_FILE);
    std::erase_if(training, [](const bench::Layer &layer) { return layer.problem.batch == 1; });
    return layers_named(training, names);
}

void run(const std::vector<std::string> &names) {
    const std::vector<bench::Layer> layers = training_layers(names);
    std::printf("%-25s %s %10s %8s %8s %8s %8s %8s %8s\n", "layer", "   ", "forward ms", "GFLOP/s", "input",
                "weights", "backward", "oneDNN", "its own");
    const Target target = best_target(builtin_kernels());
    Roofline roofline(1);
    for (const char *format : {"SCB", "CSB"}) {
        for (bench::Layer layer : layers) {
            layer.problem.order = format[0] == 'C' ? MemoryOrder::cbt : MemoryOrder::scb;
            roofline.sample_peak(target);
            print_row(layer.name, layer.problem, format);
        }
    }
    const std::string peer = onednn_version();
    std::printf("input, weights (with bias), backward (all): times over the forward pass. oneDNN: its time "
                "over that of "
                "backward, with the activations in the layer's memory order; its own: in its own layouts. "
                "Weights are in "
                "its own layout for both, and reorders are not counted. Least of %d interleaved rounds, one "
                "thread, %s, "
                "verified before. %s; %s; FMA peak %.0f GFLOP/s.\n",
                rounds, to_string(target), peer.empty() ? "built without oneDNN (libdnnl-dev)" : peer.c_str(),
                processor().c_str(), roofline.peak_gflops(target));
}

} // namespace
} // namespace conv1d::bench

int main(int argc, char **argv) {
    try {
        conv1d::bench::run({argv + 1, argv + argc});
    } catch (const std::exception &error) {
        std::fprintf(stderr, "backward_cost: %s\n", error.what());
        return 1;
    }
    return 0;
}
