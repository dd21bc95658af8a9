#pragma once

#include "conv1d/tensor.h"

#include <cstdint>
#include <string>
#include <vector>

/// One channel of sound.
struct Sound {
    int sample_rate = 0;
    std::vector<float> samples;
};

/// \throws std::runtime_error as read_audio(), and unless it has one channel, a rate of `sample_rate` and at
/// least `least` samples
Sound read_mono(const std::string &path, int sample_rate, std::size_t least);

void write_mono(const std::string &path, const Sound &sound);

/// A copy as a signal of one channel and one observation, format SCB.
conv1d::Tensor signal_of(const std::vector<float> &samples);

/// 10*log10 of the power of `expected` over that of `values - expected`.
double signal_to_error(const std::vector<float> &values, const std::vector<float> &expected);

double mean_square(const std::vector<float> &values);

/// \throws std::runtime_error unless it is a folder that may be written into
void need_folder(const std::string &path);
