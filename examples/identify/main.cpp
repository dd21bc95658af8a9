// Learns the impulse response of an unknown system from a sound and what the system makes of it, by gradient
// descent with one causal convolution layer.
#include "../common/plot.h"
#include "../common/program.h"
#include "../common/progress.h"
#include "../common/signals.h"
#include "response.h"

#include "conv1d/layers.h"
#include "conv1d/parameters_file.h"
#include "conv1d/solver.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int taps = 256;
constexpr int sample_rate = 48000;

struct Settings {
    std::string input = "/usr/share/sounds/alsa/Front_Center.wav"; // of Debian's alsa-utils
    std::string held_out = "/usr/share/sounds/alsa/Rear_Left.wav";
    std::string output = ".";
    int response_taps = 200;
    int steps = 3000;
    unsigned seed = 1;
    int threads = 1;
};

/// The sound and white noise 20 dB below it, which excites all frequencies.
std::vector<float> with_noise(const std::vector<float> &sound, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0, static_cast<float>(std::sqrt(0.01 * mean_square(sound))));
    std::vector<float> sum = sound;
    float peak = 0;
    for (float &sample : sum) {
        sample += noise(random);
        peak = std::max(peak, std::abs(sample));
    }
    for (float &sample : sum)
        sample *= 0.9f / peak;
    return sum;
}

conv1d::Convolution1DLayer make_layer(int threads) {
    conv1d::Convolution1DLayer layer(taps, 1,
                                     {{"Padding", "causal"},
                                      {"NumChannels", 1},
                                      {"WeightsInitializer", "zeros"},
                                      {"BiasLearnRateFactor", 0},
                                      {"Name", "response"}});
    layer.set_threads(threads);
    return layer;
}

/// Descends along the gradient of the mean squared error. \return that error before each step
std::vector<double> learn(conv1d::Convolution1DLayer &layer, const std::vector<float> &input,
                          const std::vector<float> &expected, int steps) {
    // The curvature of the error is at most 2*taps times the power of the input, and with momentum a rate of
    // below 4 over the curvature converges.
    conv1d::SolverOptions options(conv1d::Method::sgdm);
    options.learn_rate = 1 / (taps * mean_square(input));
    options.momentum = 0.995;
    options.l2_regularization = 0;
    conv1d::Solver solver(options);

    const conv1d::Tensor x = signal_of(input);
    conv1d::Tensor error = signal_of(expected);
    std::vector<float> weights_gradient;
    std::vector<double> losses;
    Progress progress(steps);
    layer.initialize(x);
    for (int step = 1; step <= steps; step++) {
        layer.forward(x, error);
        double loss = 0;
        for (std::size_t i = 0; i < expected.size(); i++) {
            float &e = error.data()[i];
            e -= expected[i];
            loss += static_cast<double>(e) * static_cast<double>(e);
            e *= 2 / static_cast<float>(expected.size());
        }
        losses.push_back(loss / static_cast<double>(expected.size()));
        layer.backward(x, error, {nullptr, &weights_gradient, nullptr});
        solver.step({{&layer, &weights_gradient, nullptr}});
        progress.show(step, losses.back());
    }
    return losses;
}

/// The layer does not flip its filter, so the response is in it from the last weight to the first.
Response response_of(const conv1d::Convolution1DLayer &layer) {
    return {layer.weights().rbegin(), layer.weights().rend()};
}

void draw(const std::string &path, const Response &learned, const Response &expected,
          const std::vector<double> &losses) {
    Panel responses{"tap", "value", false, {{"true", {}, {}}, {"learned", {}, {}}}},
        loss{"step", "mean squared error", true, {{"loss", {}, {}}}};
    for (std::size_t i = 0; i < learned.size(); i++) {
        for (Curve &curve : responses.curves)
            curve.x.push_back(static_cast<double>(i));
        responses.curves[0].y.push_back(expected[i]);
        responses.curves[1].y.push_back(learned[i]);
    }
    for (std::size_t i = 0; i < losses.size(); i++) {
        loss.curves[0].x.push_back(static_cast<double>(i + 1));
        loss.curves[0].y.push_back(losses[i]);
    }
    plot(path, {responses, loss});
}

void run(const Settings &settings) {
    need_program("sox", "sox");
    need_program("gnuplot", "gnuplot-nox");
    need_folder(settings.output);
    const Sound speech = read_mono(settings.input, sample_rate, 10 * taps);
    const Sound held_out = read_mono(settings.held_out, sample_rate, 10 * taps);
    Response expected = make_response(settings.response_taps, settings.seed);

    const std::vector<float> input = with_noise(speech.samples, settings.seed + 1);
    conv1d::Convolution1DLayer layer = make_layer(settings.threads);
    const std::vector<double> losses =
        learn(layer, input, through_sox(input, sample_rate, expected), settings.steps);

    const std::string parameters = settings.output + "/identify.safetensors",
                      picture = settings.output + "/identify.svg";
    conv1d::save_parameters(parameters, {&layer});
    const Response learned = response_of(layer);
    Response padded = expected;
    padded.resize(learned.size());
    draw(picture, learned, padded, losses);

    conv1d::Convolution1DLayer loaded = make_layer(settings.threads);
    conv1d::load_parameters(parameters, {&loaded});
    const std::vector<float> heard = through_sox(held_out.samples, sample_rate, expected);
    const conv1d::Tensor predicted = loaded.forward(signal_of(held_out.samples));
    const std::vector<float> prediction(predicted.data(), predicted.data() + predicted.elements());

    std::printf("%d steps on %.2f s of sound: mean squared error %.2e to %.2e\n", settings.steps,
                static_cast<double>(input.size()) / sample_rate, losses.front(), losses.back());
    std::printf("misalignment %.1f dB: %d taps learned, %d in the response\n",
                -signal_to_error(learned, padded), taps, settings.response_taps);
    std::printf("prediction error %.1f dB, on other speech without noise\n",
                -signal_to_error(prediction, heard));
    std::printf("wrote %s and %s\n", parameters.c_str(), picture.c_str());
}

} // namespace

int main(int argc, char **argv) {
    Settings settings;
    CLI::App app("Makes a response, has sox apply it to a sound, and learns it from the two sounds by "
                 "gradient descent "
                 "with a causal convolution layer of 256 taps.");
    app.add_option("input", settings.input, "Audio file to learn from: one channel, 48000 samples a second")
        ->capture_default_str();
    app.add_option("--held-out", settings.held_out, "Audio file to predict")->capture_default_str();
    app.add_option("-o,--output", settings.output, "Folder for identify.safetensors and identify.svg")
        ->capture_default_str();
    app.add_option("--response-taps", settings.response_taps, "Taps of the response")
        ->check(CLI::Range(10, 200))
        ->capture_default_str();
    app.add_option("--steps", settings.steps, "Steps of the descent")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--seed", settings.seed, "Of the response and of the noise")->capture_default_str();
    app.add_option("--threads", settings.threads, "Threads of the layer")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    try {
        run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "identify: %s\n", error.what());
        return 1;
    }
    return 0;
}
