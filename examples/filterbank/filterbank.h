#pragma once

#include "conv1d/layers.h"

#include <string>
#include <vector>

/// A short-time Fourier transform and its inverse as two layers.
///
/// Analysis is a convolution whose filters are a windowed discrete Fourier transform; synthesis is the
/// transposed convolution whose filters are the inverse transform under the dual window, so that overlapping
/// frames add up to the signal. Spectrum: [2*bins][frame], the real parts of all bins, then the imaginary
/// ones.
class Filterbank {
public:
    static constexpr int window = 512; ///< samples
    static constexpr int hop = 128;    ///< samples between frames
    static constexpr int bins = window / 2 + 1;

    Filterbank();

    /// The signal analysed and put together again; as long as `signal`, which may be of any length.
    std::vector<float> round_trip(const std::vector<float> &signal);

    /// Seconds that the two layers took in the last round trip.
    double seconds() const { return seconds_; }
    /// "analysis: x86/avx512_filters on x86-64-avx512; ..." for a signal of that many samples.
    std::string kernels(std::int64_t samples) const;

    void set_threads(int threads);
    void force_target(conv1d::Target target);

private:
    conv1d::Convolution1DLayer analysis_;
    conv1d::TransposedConvolution1DLayer synthesis_;
    double seconds_ = 0;
};

/// Power of `signal` over the power of its difference from `rebuilt`, in decibels, without the first and the
/// last window; of a signal too short for that, over all of it. Infinite if they are the same.
double signal_to_noise(const std::vector<float> &signal, const std::vector<float> &rebuilt);
