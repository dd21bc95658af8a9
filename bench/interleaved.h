#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace conv1d::bench {

/// The least seconds of one call of each, all taking turns in every round.
/// \param calls  in a row, so that the clock does not matter
inline std::vector<double> least_seconds(const std::vector<std::function<void()>> &work, int rounds,
                                         int calls) {
    std::vector<double> least(work.size(), 1e30);
    for (int round = 0; round < rounds; round++) {
        for (std::size_t i = 0; i < work.size(); i++) {
            const auto start = std::chrono::steady_clock::now();
            for (int call = 0; call < calls; call++)
                work[i]();
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
            least[i] = std::min(least[i], taken.count() / calls);
        }
    }
    return least;
}

} // namespace conv1d::bench
