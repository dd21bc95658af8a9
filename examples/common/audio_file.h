#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Sound as floats in [-1, 1], channel by channel.
struct Audio {
    int sample_rate = 0; ///< samples a second
    std::vector<std::vector<float>> channels;

    std::int64_t samples() const { return static_cast<std::int64_t>(channels.front().size()); }
    double seconds() const { return static_cast<double>(samples()) / sample_rate; }
};

/// Reads any format that libsndfile reads.
/// \throws std::runtime_error naming the file if it cannot be read, is no audio or has no samples
Audio read_audio(const std::string &path);

/// Writes a WAV of floats, whole or not at all: to a file beside it that then takes its name.
/// \throws std::runtime_error naming the file if it cannot be written or is something else than a file
void write_wav(const std::string &path, const Audio &audio);
