#pragma once

#include "conv1d/layers.h"
#include "conv1d/solver.h"

#include <string>
#include <vector>

/// Doubles the rate of a signal of one channel: 32 filters of 15 taps, leaky ReLU, then a transposed
/// convolution of 16 taps and stride 2.
class Stack {
public:
    Stack(unsigned seed, int threads);

    /// One step towards the expected output. \return the mean squared error over `power`
    double learn(const conv1d::Tensor &slow, const conv1d::Tensor &expected, double power,
                 conv1d::Solver &solver);
    std::vector<float> upsample(const std::vector<float> &slow);

    void save(const std::string &path) const;
    void load(const std::string &path);

private:
    conv1d::Convolution1DLayer features_;
    conv1d::TransposedConvolution1DLayer synthesis_;
};
