#pragma once

#include "bench/shapes.h"
#include "conv1d/kernel.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// One kernel on one layer: what one benchmark times.
struct Case {
    std::string name; ///< conv/<layer>/<order>/<target>/<schedule>/threads:<n>
    std::string layer;
    Problem problem;
    const Kernel *kernel;
    int threads;
    bool chosen; ///< the library uses this kernel when none is forced
};

/// Every layer in both memory orders with every kernel of these targets that applies.
std::vector<Case> make_cases(const std::vector<Layer> &layers, const std::vector<Target> &targets,
                             int threads);

} // namespace conv1d::bench
