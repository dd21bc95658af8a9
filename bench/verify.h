#pragma once

#include "conv1d/run_kernel.h"

#include <random>
#include <string>
#include <vector>

namespace conv1d::bench {

/// That many numbers, uniform in [-1, 1).
std::vector<float> noise(std::int64_t count, std::mt19937 &random);

/// The arrays of a problem, where they lie.
struct Arrays {
    const float *input;
    Strides input_strides;
    const float *weights; ///< as PyTorch keeps them
    const float *bias;
    const float *output;
    Strides output_strides;
};

/// Sees that no output is NaN, which an unwritten one may be filled with, and holds some hundreds of them
/// against the definition: both ends of the signal, the last filters, every batch, and others at random.
/// \param filter_block  filters of one register tile: of an incomplete last tile all are looked at
/// \return what is wrong; empty when nothing is
std::string verify_samples(const Problem &problem, const Arrays &arrays, int filter_block);

} // namespace conv1d::bench
