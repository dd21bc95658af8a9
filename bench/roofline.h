#pragma once

#include "conv1d/target.h"

namespace conv1d::bench {

/// The two ceilings of this machine, measured in the same run as what is held against them. Each sample takes
/// some milliseconds; what counts is the best so far, as other load can only lower it.
class Roofline {
public:
    Roofline(Target target, int threads);

    /// Measures both once more.
    void sample();

    /// Fused multiply-adds, 2 FLOP each (multiply and add apart where the target has none), in registers;
    /// GFLOP/s.
    double peak_gflops() const { return peak_gflops_; }
    /// a[i] = b[i] + s*c[i] over arrays far beyond the caches, 12 bytes an element; GB/s.
    double bandwidth_gbs() const { return bandwidth_gbs_; }
    int samples() const { return samples_; }

private:
    Target target_;
    int threads_;
    double peak_gflops_ = 0;
    double bandwidth_gbs_ = 0;
    int samples_ = 0;
};

} // namespace conv1d::bench
