#include "stack.h"

#include "../common/signals.h"

#include "conv1d/parameters_file.h"

using conv1d::Tensor;
using conv1d::Value;

Stack::Stack(unsigned seed, int threads)
    : features_(15, 32,
                {{"Padding", "same"},
                 {"NumChannels", 1},
                 {"Activation", "leaky-relu"},
                 {"ActivationSlope", 0.2},
                 {"Seed", Value(static_cast<double>(seed))},
                 {"Name", "features"}}),
      synthesis_(16, 1,
                 {{"Stride", 2},
                  {"Cropping", "same"},
                  {"NumChannels", 32},
                  {"Seed", Value(static_cast<double>(seed))},
                  {"Name", "synthesis"}}) {
    features_.set_threads(threads);
    synthesis_.set_threads(threads);
}

double Stack::learn(const Tensor &slow, const Tensor &expected, double power, conv1d::Solver &solver) {
    const Tensor hidden = features_.forward(slow);
    Tensor error = synthesis_.forward(hidden);
    const double scale = 1 / (power * static_cast<double>(error.elements()));
    double loss = 0;
    for (std::int64_t i = 0; i < error.elements(); i++) {
        const double e = static_cast<double>(error.data()[i]) - static_cast<double>(expected.data()[i]);
        loss += e * e;
        error.data()[i] = static_cast<float>(2 * e * scale);
    }

    Tensor hidden_gradient(hidden.format(), hidden.sizes());
    std::vector<float> weights[2], bias[2];
    synthesis_.backward(hidden, error, {&hidden_gradient, &weights[1], &bias[1]});
    features_.backward(slow, hidden_gradient, {nullptr, &weights[0], &bias[0]});
    solver.step({{&features_, &weights[0], &bias[0]}, {&synthesis_, &weights[1], &bias[1]}});
    return loss * scale;
}

std::vector<float> Stack::upsample(const std::vector<float> &slow) {
    const Tensor fast = synthesis_.forward(features_.forward(signal_of(slow)));
    return {fast.data(), fast.data() + fast.elements()};
}

void Stack::save(const std::string &path) const {
    conv1d::save_parameters(path, {&features_, &synthesis_});
}

void Stack::load(const std::string &path) {
    conv1d::load_parameters(path, {&features_, &synthesis_});
}
