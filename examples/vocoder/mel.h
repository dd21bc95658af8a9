#pragma once

#include "conv1d/tensor.h"

#include <vector>

/// The logarithm of the power of a sound in `bands` bands that are even on the mel scale up to 8 kHz, every
/// 256/22050 s, in windows four times as long: as a vocoder takes it, whatever the rate of the sound.
/// \return (frames, bands), format SC
/// \throws std::runtime_error if the sound is shorter than a window or its rate below 16 kHz
conv1d::Tensor mel_spectrogram(const std::vector<float> &sound, int sample_rate, std::int64_t bands);
