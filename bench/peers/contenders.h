#pragma once

#include "bench/forward_run.h"
#include "bench/interleaved.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// One who computes a problem, ready to be timed.
struct Contender {
    std::string name;   ///< "ours", "onednn/2d-plain", "xnnpack/2d"
    std::string detail; ///< the kernel that it runs, in its own words
    std::string wrong;  ///< how its output differs from ours; empty if it does not
    Work work;
};

/// Ours, first, and everybody of this program who computes the run's problem in its memory order. Each has
/// run once. \param ours  verified; has to outlive the contenders
std::vector<Contender> contenders_of(ForwardRun &ours, int threads);

} // namespace conv1d::bench
