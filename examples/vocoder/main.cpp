// Makes sound of the mel spectrogram of recorded speech with the layers of HiFi-GAN V1 and random weights, on
// kernels that are specialised for them and on the built-in ones in turns, and says how fast each is.
#include "../common/signals.h"
#include "mel.h"
#include "vocoder.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

constexpr int input_rate = 48000;
constexpr std::int64_t first_block = 32; ///< frames that are waited for before the first sample

struct Settings {
    std::string input = "/usr/share/sounds/alsa/Front_Center.wav"; // of Debian's alsa-utils
    std::string output = ".";
    std::int64_t frames = 100000;
    int rounds = 5;
    unsigned seed = 1;
    int threads = 1;
    std::string filtering = "minimal";
};

double seconds_of(const auto &work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The first frames of a spectrogram.
conv1d::Tensor first_frames(const conv1d::Tensor &mel, std::int64_t frames) {
    conv1d::Tensor part("SC", {std::min(frames, mel.size('S')), mel.size('C')});
    for (std::int64_t band = 0; band < mel.size('C'); band++)
        std::copy_n(mel.data() + band * mel.size('S'), part.size('S'), part.data() + band * part.size('S'));
    return part;
}

/// Raw floats, band after band, for the program that compares.
void write_floats(const std::string &path, const conv1d::Tensor &tensor) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(tensor.data()),
               static_cast<std::streamsize>(sizeof(float)) * tensor.elements());
    if (!file.flush())
        throw std::runtime_error(path + " cannot be written");
}

/// The vocoder on kernels of one tier.
struct Side {
    conv1d::Tier tier;
    Vocoder vocoder;
    double seconds = 1e30, first_sample = 0;

    Side(conv1d::Tier kernels, const Settings &settings)
        : tier(kernels), vocoder(settings.seed, settings.threads, settings.filtering) {
        vocoder.force_tier(tier);
    }

    /// With the weights as they came, nothing packed yet.
    void begin(const conv1d::Tensor &mel) {
        const conv1d::Tensor block = first_frames(mel, first_block);
        first_sample = seconds_of([&] {
            vocoder.prepare(block.size('S'));
            vocoder.forward(block);
        });
        vocoder.prepare(mel.size('S'));
    }

    void measure(const conv1d::Tensor &mel) {
        seconds = std::min(seconds, seconds_of([&] { vocoder.forward(mel); }));
    }

    void report(double duration) const {
        std::printf(
            "%-12s real-time factor %.4f, %.1f GFLOP/s, first sample after %.1f ms, workspace %zu bytes "
            "a thread, %d of %d layers specialised\n",
            to_string(tier), seconds / duration, 1e-9 * vocoder.flops() / seconds, 1e3 * first_sample,
            vocoder.workspace_bytes(), vocoder.specialised_layers(), vocoder.layers());
    }
};

void run(const Settings &settings) {
    need_folder(settings.output);
    const Sound speech = read_mono(settings.input, input_rate, 1);
    const conv1d::Tensor mel =
        first_frames(mel_spectrogram(speech.samples, speech.sample_rate, Vocoder::bands), settings.frames);
    const std::int64_t frames = mel.size('S');
    const double duration = static_cast<double>(frames * Vocoder::samples_a_frame) / Vocoder::sample_rate;
    write_floats(settings.output + "/mel.f32", mel);

    Side built_in(conv1d::Tier::built_in, settings), specialised(conv1d::Tier::any, settings);
    for (Side *side : {&specialised, &built_in})
        side->begin(mel);
    const std::vector<float> sound = specialised.vocoder.forward(mel), other = built_in.vocoder.forward(mel);
    for (int round = 0; round < settings.rounds; round++) {
        for (Side *side : {&specialised, &built_in})
            side->measure(mel);
    }
    specialised.vocoder.save(settings.output + "/vocoder.safetensors");
    write_mono(settings.output + "/vocoder.wav", {Vocoder::sample_rate, sound});

    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < sound.size(); i++) {
        largest = std::max(largest, std::abs(static_cast<double>(sound[i])));
        difference =
            std::max(difference, std::abs(static_cast<double>(sound[i]) - static_cast<double>(other[i])));
    }
    std::printf("%lld frames, %.2f s of sound, %.1f GFLOP, %d thread%s; signals between layers %zu bytes\n",
                static_cast<long long>(frames), duration, 1e-9 * specialised.vocoder.flops(),
                settings.threads, settings.threads == 1 ? "" : "s", specialised.vocoder.signal_bytes());
    for (const Side *side : {&specialised, &built_in})
        side->report(duration);
    std::printf("largest sample %.3f, difference of the two %.1e\n", largest, difference);
    std::printf("wrote vocoder.wav, vocoder.safetensors and mel.f32 into %s\n", settings.output.c_str());
}

} // namespace

int main(int argc, char **argv) {
    Settings settings;
    CLI::App app(
        "Makes sound of the mel spectrogram of speech with the layers of HiFi-GAN V1, whose weights are "
        "random, and says how fast they are on specialised and on built-in kernels.");
    app.add_option("input", settings.input, "Audio file: one channel, 48000 samples a second")
        ->capture_default_str();
    app.add_option("-o,--output", settings.output, "Folder for vocoder.wav, vocoder.safetensors and mel.f32")
        ->capture_default_str();
    app.add_option("--frames", settings.frames, "Most frames of the spectrogram, 11.6 ms each")
        ->check(CLI::Range(1, 100000));
    app.add_option("--rounds", settings.rounds, "Times that each is measured, in turns; the least counts")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--seed", settings.seed, "Of the weights")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app.add_option("--threads", settings.threads, "Threads of a layer")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--filtering", settings.filtering,
                   "Of the convolutions; the specialised kernels are for the minimal one")
        ->check(CLI::IsMember({"direct", "minimal"}))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    try {
        run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "vocoder: %s\n", error.what());
        return 1;
    }
    return 0;
}
