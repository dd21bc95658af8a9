// Trains two layers, a convolution and a transposed one of stride 2, to upsample sound, and holds them
// against linear interpolation and against sox on a recording that was not seen in training.
#include "../common/plot.h"
#include "../common/program.h"
#include "../common/progress.h"
#include "../common/signals.h"
#include "../common/temporary_folder.h"
#include "stack.h"

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

constexpr int sample_rate = 48000;
constexpr std::int64_t segment = 512; ///< samples of the slow signal that are trained on at a time
constexpr std::int64_t batch = 16;
constexpr std::size_t drawn = 60;                     ///< samples of the waves
constexpr double first_rate = 5e-3, last_rate = 5e-5; ///< of the learning, which goes down geometrically

struct Settings {
    std::vector<std::string> inputs; ///< default: five of the recordings of Debian's alsa-utils
    std::string held_out = "/usr/share/sounds/alsa/Rear_Left.wav";
    std::string output = ".";
    int steps = 6000;
    unsigned seed = 1;
    int threads = 1;
};

/// Every second sample of the sound without its upper half of frequencies, and the sound.
struct Pair {
    std::vector<float> slow, fast;
};

/// What sox makes of a sound at another rate; the samples stay where they are in time.
std::vector<float> resampled(const Sound &sound, int rate) {
    const TemporaryFolder folder;
    write_mono(folder / "in.wav", sound);
    run_program({"sox", "-V1", "-D", folder / "in.wav", "-e", "floating-point", "-b", "32",
                 folder / "out.wav", "rate", "-v", std::to_string(rate)});
    return read_mono(folder / "out.wav", rate, 1).samples;
}

Pair pair_of(const std::string &path) {
    Sound sound = read_mono(path, sample_rate, 4 * segment);
    sound.samples.resize(sound.samples.size() / 2 * 2);
    return {resampled(sound, sample_rate / 2), sound.samples};
}

/// Segments of the recordings, chosen at random.
class Batches {
public:
    Batches(const std::vector<Pair> &pairs, unsigned seed) : pairs_(pairs), random_(seed) {}

    void draw(conv1d::Tensor &slow, conv1d::Tensor &fast) {
        for (std::int64_t b = 0; b < batch; b++) {
            const Pair &pair = pairs_[random_() % pairs_.size()];
            const auto start = static_cast<std::ptrdiff_t>(random_() % (pair.slow.size() - segment));
            std::copy_n(pair.slow.begin() + start, segment, slow.data() + b * segment);
            std::copy_n(pair.fast.begin() + 2 * start, 2 * segment, fast.data() + b * 2 * segment);
        }
    }

private:
    const std::vector<Pair> &pairs_;
    std::mt19937 random_;
};

/// \return the mean squared error of each step over the power of the recordings
std::vector<double> train(Stack &stack, const std::vector<Pair> &pairs, const Settings &settings) {
    conv1d::SolverOptions options(conv1d::Method::adam);
    options.l2_regularization = 0;
    options.gradient_threshold = 1;
    options.threshold_method = conv1d::ThresholdMethod::global_l2_norm;
    conv1d::Solver solver(options);
    Batches batches(pairs, settings.seed);
    conv1d::Tensor slow("SCB", {segment, 1, batch}), fast("SCB", {2 * segment, 1, batch});
    double power = 0;
    for (const Pair &pair : pairs)
        power += mean_square(pair.fast) / static_cast<double>(pairs.size());
    std::vector<double> losses;
    Progress progress(settings.steps);
    for (int step = 1; step <= settings.steps; step++) {
        solver.set_learn_rate(first_rate *
                              std::pow(last_rate / first_rate, static_cast<double>(step) / settings.steps));
        batches.draw(slow, fast);
        losses.push_back(stack.learn(slow, fast, power, solver));
        progress.show(step, losses.back());
    }
    return losses;
}

/// Between two samples their mean.
std::vector<float> interpolated(const std::vector<float> &slow) {
    std::vector<float> fast(2 * slow.size());
    for (std::size_t i = 0; i < slow.size(); i++) {
        fast[2 * i] = slow[i];
        fast[2 * i + 1] = (slow[i] + slow[std::min(i + 1, slow.size() - 1)]) / 2;
    }
    return fast;
}

/// Where a wave is drawn from: around the sample that linear interpolation misses most.
std::size_t first_drawn(const std::vector<float> &expected, const std::vector<float> &linear) {
    std::size_t worst = 0;
    for (std::size_t i = 0; i < expected.size(); i++) {
        if (std::abs(linear[i] - expected[i]) > std::abs(linear[worst] - expected[worst]))
            worst = i;
    }
    return std::clamp(worst, drawn / 2, expected.size() - drawn / 2) - drawn / 2;
}

void draw(const std::string &path, const Pair &pair, const std::vector<float> &linear,
          const std::vector<float> &learned, const std::vector<double> &losses) {
    Panel loss{"step", "error / signal", true, {{"training", {}, {}}}},
        wave{"sample", "value", false, {{"recording", {}, {}}, {"linear", {}, {}}, {"learned", {}, {}}}};
    for (std::size_t i = 0; i < losses.size(); i++) {
        loss.curves[0].x.push_back(static_cast<double>(i + 1));
        loss.curves[0].y.push_back(losses[i]);
    }
    const std::size_t first = first_drawn(pair.fast, linear);
    const std::vector<float> *signals[] = {&pair.fast, &linear, &learned};
    for (std::size_t s = 0; s < 3; s++) {
        for (std::size_t i = first; i < first + drawn; i++) {
            wave.curves[s].x.push_back(static_cast<double>(i));
            wave.curves[s].y.push_back((*signals[s])[i]);
        }
    }
    plot(path, {wave, loss});
}

void run(const Settings &settings) {
    need_program("sox", "sox");
    need_program("gnuplot", "gnuplot-nox");
    need_folder(settings.output);
    std::vector<Pair> pairs;
    for (const std::string &input : settings.inputs)
        pairs.push_back(pair_of(input));
    const Pair held_out = pair_of(settings.held_out);

    Stack stack(settings.seed, settings.threads);
    const std::vector<double> losses = train(stack, pairs, settings);
    const std::string prefix = settings.output + "/upsample";
    stack.save(prefix + ".safetensors");

    Stack loaded(settings.seed + 1, settings.threads);
    loaded.load(prefix + ".safetensors");
    const std::vector<float> learned = loaded.upsample(held_out.slow), linear = interpolated(held_out.slow);
    std::vector<float> sinc = resampled({sample_rate / 2, held_out.slow}, sample_rate);
    sinc.resize(held_out.fast.size());
    write_mono(prefix + ".wav", {sample_rate, learned});
    draw(prefix + ".svg", held_out, linear, learned, losses);

    std::printf("%d steps on %zu recordings: error / signal %.1e to %.1e\n", settings.steps, pairs.size(),
                losses.front(), losses.back());
    std::printf("SNR on a recording that was held out: linear interpolation %.1f dB, learned %.1f dB, sox's "
                "rate %.1f dB\n",
                signal_to_error(linear, held_out.fast), signal_to_error(learned, held_out.fast),
                signal_to_error(sinc, held_out.fast));
    std::printf("wrote %s.safetensors, %s.wav and %s.svg\n", prefix.c_str(), prefix.c_str(), prefix.c_str());
}

} // namespace

int main(int argc, char **argv) {
    Settings settings;
    for (const char *name : {"Front_Center", "Front_Left", "Front_Right", "Rear_Center", "Side_Left"})
        settings.inputs.push_back("/usr/share/sounds/alsa/" + std::string(name) + ".wav");
    CLI::App app("Trains a convolution and a transposed convolution of stride 2 to double the rate of "
                 "speech, and reports "
                 "the signal-to-noise ratio on a recording that was held out.");
    app.add_option("inputs", settings.inputs,
                   "Audio files to learn from: one channel, 48000 samples a second")
        ->capture_default_str();
    app.add_option("--held-out", settings.held_out, "Audio file to upsample")->capture_default_str();
    app.add_option("-o,--output", settings.output,
                   "Folder for upsample.safetensors, upsample.wav and upsample.svg")
        ->capture_default_str();
    app.add_option("--steps", settings.steps, "Steps of the training")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--seed", settings.seed, "Of the first weights and the order of the segments")
        ->capture_default_str();
    app.add_option("--threads", settings.threads, "Threads of a layer")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    try {
        run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "upsample: %s\n", error.what());
        return 1;
    }
    return 0;
}
