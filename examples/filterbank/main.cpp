// Analyses recorded sound by a filterbank of 514 filters, puts it together again and says how much was lost.
#include "../common/audio_file.h"
#include "filterbank.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

struct Settings {
    std::string input = "/usr/share/sounds/alsa/Front_Center.wav"; // of Debian's alsa-utils
    std::string output = "filterbank.wav";
    std::string target;
    int threads = 1;
};

void run(const Settings &settings) {
    Filterbank filterbank;
    filterbank.set_threads(settings.threads);
    if (!settings.target.empty())
        filterbank.force_target(conv1d::parse_target(settings.target));
    Audio audio = read_audio(settings.input);
    std::printf("%s: %.2f s at %d Hz, %zu channel%s\n", settings.input.c_str(), audio.seconds(),
                audio.sample_rate, audio.channels.size(), audio.channels.size() == 1 ? "" : "s");

    double seconds = 0;
    std::vector<double> ratios;
    for (std::vector<float> &channel : audio.channels) {
        std::vector<float> rebuilt = filterbank.round_trip(channel);
        seconds += filterbank.seconds();
        ratios.push_back(signal_to_noise(channel, rebuilt));
        channel = std::move(rebuilt);
    }
    write_wav(settings.output, audio);

    for (std::size_t i = 0; i < ratios.size(); i++)
        std::printf("SNR %.2f dB, channel %zu\n", ratios[i], i + 1);
    std::printf("real-time factor %.0f: %.3f ms on %d thread%s\n", audio.seconds() / seconds, 1e3 * seconds,
                settings.threads, settings.threads == 1 ? "" : "s");
    std::printf("kernels: %s\n", filterbank.kernels(audio.samples()).c_str());
    std::printf("wrote %s\n", settings.output.c_str());
}

} // namespace

int main(int argc, char **argv) {
    Settings settings;
    CLI::App app("Analyses a sound by a windowed Fourier transform of 512 samples every 128, as a "
                 "convolution layer, and "
                 "resynthesises it by a transposed one.");
    app.add_option("input", settings.input, "Audio file, any number of channels")->capture_default_str();
    app.add_option("-o,--output", settings.output, "WAV file to write")->capture_default_str();
    app.add_option("--threads", settings.threads, "Threads of a layer")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--target", settings.target,
                   "Instruction set, e.g. x86-64-avx2; default: the best there is");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    try {
        run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "filterbank: %s\n", error.what());
        return 1;
    }
    return 0;
}
