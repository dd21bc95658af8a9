#pragma once

#include "bench/peers/onednn.h"
#include "conv1d/problem.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace conv1d::bench {

/// Seconds of what a program meets that runs a layer on one length, and then on others, each new once.
struct LengthTimes {
    double create = 0;           ///< the layer or primitive, its weights packed, up to the first call
    double first = 0;            ///< the first call
    double prepare = 0;          ///< what has to be done for all other lengths before they can be called
    double fresh = 0, again = 0; ///< the calls of all lengths, the first time and the second
    int allocations = -1;        ///< during the calls of all lengths, the first time; -1: not counted
};

/// \param problem  its length comes first
LengthTimes our_new_lengths(const Problem &problem, const std::vector<std::int64_t> &lengths, int threads);

/// A new length is a new primitive, and weights reordered if that wants others. None if oneDNN has no such
/// primitive, or if there is no oneDNN. \param posing  Layout::plain or reordered
std::optional<LengthTimes> onednn_new_lengths(const Problem &problem, Posing posing,
                                              const std::vector<std::int64_t> &lengths, int threads);

/// All of them, by name: "ours", "onednn/1d-plain" and the like.
nlohmann::json new_lengths(const Problem &problem, const std::vector<std::int64_t> &lengths, int threads);

} // namespace conv1d::bench
