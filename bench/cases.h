#pragma once

#include "bench/peers/onednn_forward.h"
#include "bench/shapes.h"
#include "conv1d/kernel.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// One kernel, or a way to ask oneDNN, on one layer: what one benchmark times.
struct Case {
    std::string name; ///< conv/<layer>/<order>/<target>/<schedule>/threads:<n>
    std::string layer;
    Problem problem;
    const Kernel *kernel; ///< null: oneDNN's
    Posing posing;        ///< of oneDNN
    int threads;
    bool chosen; ///< the library uses this kernel when none is forced

    /// The instruction set whose peak counts; of oneDNN the best, as it chooses for itself.
    Target target() const { return kernel ? kernel->target : best_target(builtin_kernels()); }
    /// As in the name: a target and a schedule, or "onednn" and a posing.
    std::string target_name() const { return kernel ? to_string(kernel->target) : "onednn"; }
    std::string schedule_name() const { return kernel ? kernel->schedule->name : to_string(posing); }
};

/// Every layer in both memory orders with every kernel of these targets that applies, and with oneDNN,
/// if there is one, in plain memory layouts, where it computes the problem. Its cbt order is channels-last.
std::vector<Case> make_cases(const std::vector<Layer> &layers, const std::vector<Target> &targets,
                             int threads);

} // namespace conv1d::bench
