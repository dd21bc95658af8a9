#pragma once

#include "conv1d/target.h"

#include <array>
#include <cstddef>

namespace conv1d::bench {

/// The ceilings of this machine, measured in the same run as what is held against them. A sample takes some
/// tens of milliseconds; what counts is the best so far, as other load can only lower it.
class Roofline {
public:
    explicit Roofline(int threads) : threads_(threads) {}

    /// Measures the bandwidth, and the peak of this target's instruction set, once more.
    void sample(Target target);
    /// The peak alone, which takes about 2 milliseconds and no memory.
    void sample_peak(Target target);

    /// Fused multiply-adds, 2 FLOP each (multiply and add apart where the target has none), in registers;
    /// GFLOP/s.
    double peak_gflops(Target target) const { return peak_gflops_[static_cast<std::size_t>(target)]; }
    /// a[i] = b[i] + s*c[i] over arrays far beyond the caches, 12 bytes an element; GB/s.
    double bandwidth_gbs() const { return bandwidth_gbs_; }
    int samples() const { return samples_; }

private:
    int threads_;
    std::array<double, target_count> peak_gflops_{};
    double bandwidth_gbs_ = 0;
    int samples_ = 0;
};

} // namespace conv1d::bench
