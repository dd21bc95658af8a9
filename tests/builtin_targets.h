#pragma once

#include "conv1d/kernel.h"

#include <set>

namespace conv1d::testing {

/// Those that this library has kernels for: what CONV1D_TARGETS asked for.
inline std::set<Target> builtin_targets() {
    std::set<Target> targets;
    for (const Kernel &kernel : builtin_kernels())
        targets.insert(kernel.target);
    return targets;
}

} // namespace conv1d::testing
