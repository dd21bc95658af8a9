#include "mel.h"

#include "vocoder.h"

#include "../common/signals.h"
#include "conv1d/layers.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace {

constexpr double highest = 8000;     ///< Hz
constexpr double least_power = 1e-5; ///< so that silence has a logarithm

double to_mel(double hertz) {
    return 2595 * std::log10(1 + hertz / 700);
}

double to_hertz(double mel) {
    return 700 * (std::pow(10, mel / 2595) - 1);
}

/// Cosines and sines of `bins` frequencies under a Hann window, as the weights of a convolution.
std::vector<float> fourier_weights(std::int64_t window, std::int64_t bins) {
    std::vector<float> weights;
    for (const bool sine : {false, true}) {
        for (std::int64_t bin = 0; bin < bins; bin++) {
            for (std::int64_t i = 0; i < window; i++) {
                const double turn =
                    2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window);
                const double angle = turn * static_cast<double>(bin);
                const double wave = sine ? std::sin(angle) : std::cos(angle);
                weights.push_back(
                    static_cast<float>((1 - std::cos(turn)) / static_cast<double>(window) * wave));
            }
        }
    }
    return weights;
}

/// Triangles on the mel scale over the bins, as the weights of a convolution of one tap.
std::vector<float> band_weights(std::int64_t bands, std::int64_t bins, double hertz_a_bin) {
    std::vector<float> weights;
    const double step = to_mel(highest) / static_cast<double>(bands + 1);
    for (std::int64_t band = 0; band < bands; band++) {
        const double left = to_hertz(step * static_cast<double>(band)),
                     middle = to_hertz(step * static_cast<double>(band + 1)),
                     right = to_hertz(step * static_cast<double>(band + 2));
        for (std::int64_t bin = 0; bin < bins; bin++) {
            const double f = hertz_a_bin * static_cast<double>(bin);
            weights.push_back(static_cast<float>(
                std::max(0.0, std::min((f - left) / (middle - left), (right - f) / (right - middle)))));
        }
    }
    return weights;
}

} // namespace

conv1d::Tensor mel_spectrogram(const std::vector<float> &sound, int sample_rate, std::int64_t bands) {
    using namespace conv1d;
    if (sample_rate < 2 * highest)
        throw std::runtime_error("the sound has " + std::to_string(sample_rate) +
                                 " samples a second; expected 16000 or more");
    const std::int64_t hop =
        std::lround(static_cast<double>(Vocoder::samples_a_frame) * sample_rate / Vocoder::sample_rate);
    const std::int64_t window = 4 * hop;
    if (static_cast<std::int64_t>(sound.size()) < window)
        throw std::runtime_error("the sound has " + std::to_string(sound.size()) + " samples; expected " +
                                 std::to_string(window) + " or more");
    const double hertz_a_bin = static_cast<double>(sample_rate) / static_cast<double>(window);
    const auto bins = static_cast<std::int64_t>(highest / hertz_a_bin) + 1;

    Convolution1DLayer fourier(window, 2 * bins,
                               {stride(hop), padding("same"), weights(fourier_weights(window, bins))});
    const Tensor parts = fourier.forward(signal_of(sound));
    const std::int64_t frames = parts.size('S');
    Tensor power("SC", {frames, bins});
    for (std::int64_t i = 0; i < power.elements(); i++) {
        const float real = parts.data()[i], imaginary = parts.data()[i + power.elements()];
        power.data()[i] = real * real + imaginary * imaginary;
    }
    Convolution1DLayer mel(1, bands, {weights(band_weights(bands, bins, hertz_a_bin))});
    Tensor result = mel.forward(power);
    for (std::int64_t i = 0; i < result.elements(); i++)
        result.data()[i] = static_cast<float>(std::log(std::max<double>(result.data()[i], least_power)));
    return result;
}
