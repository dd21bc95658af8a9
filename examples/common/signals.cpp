#include "signals.h"

#include "audio_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <unistd.h>

Sound read_mono(const std::string &path, int sample_rate, std::size_t least) {
    Audio audio = read_audio(path);
    const auto expect = [&](bool right, const std::string &has, const std::string &expected) {
        if (!right)
            throw std::runtime_error("'" + path + "': has " + has + "; expected " + expected);
    };
    expect(audio.channels.size() == 1, std::to_string(audio.channels.size()) + " channels", "1");
    expect(audio.sample_rate == sample_rate, std::to_string(audio.sample_rate) + " samples a second",
           std::to_string(sample_rate));
    expect(audio.channels[0].size() >= least, std::to_string(audio.channels[0].size()) + " samples",
           "at least " + std::to_string(least));
    expect(std::all_of(audio.channels[0].begin(), audio.channels[0].end(),
                       [](float sample) { return std::isfinite(sample); }),
           "samples that are not finite", "finite ones");
    expect(mean_square(audio.channels[0]) > 0, "nothing but silence", "sound");
    return {audio.sample_rate, std::move(audio.channels[0])};
}

void write_mono(const std::string &path, const Sound &sound) {
    write_wav(path, {sound.sample_rate, {sound.samples}});
}

conv1d::Tensor signal_of(const std::vector<float> &samples) {
    conv1d::Tensor tensor("SCB", {static_cast<std::int64_t>(samples.size()), 1, 1});
    std::copy(samples.begin(), samples.end(), tensor.data());
    return tensor;
}

double mean_square(const std::vector<float> &values) {
    double sum = 0;
    for (const float value : values)
        sum += static_cast<double>(value) * static_cast<double>(value);
    return sum / static_cast<double>(values.size());
}

double signal_to_error(const std::vector<float> &values, const std::vector<float> &expected) {
    double error = 0, signal = 0;
    for (std::size_t i = 0; i < expected.size(); i++) {
        error += std::pow(static_cast<double>(values[i]) - static_cast<double>(expected[i]), 2);
        signal += std::pow(static_cast<double>(expected[i]), 2);
    }
    return 10 * std::log10(signal / error);
}

void need_folder(const std::string &path) {
    if (!std::filesystem::is_directory(path) || access(path.c_str(), W_OK) != 0)
        throw std::runtime_error("'" + path + "' is no folder that may be written into; expected one");
}
