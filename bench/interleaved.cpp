#include "bench/interleaved.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <thread>

namespace conv1d::bench {
namespace {

double seconds_of(const Work &work, int calls) {
    const auto start = std::chrono::steady_clock::now();
    for (int call = 0; call < calls; call++)
        work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / calls;
}

/// Of all threads.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

} // namespace

std::vector<double> least_seconds(const std::vector<Work> &work, int rounds, int calls) {
    std::vector<double> least(work.size(), std::numeric_limits<double>::infinity());
    for (int round = 0; round < rounds; round++) {
        for (std::size_t i = 0; i < work.size(); i++)
            least[i] = std::min(least[i], seconds_of(work[i], calls));
    }
    return least;
}

double turn(const Work &work, double seconds) {
    wait_until_idle();
    const double first = seconds_of(work, 1);
    const int calls = static_cast<int>(std::clamp(std::ceil(seconds / first), 1.0, 1e5));
    const double rest = seconds_of(work, calls);
    wait_until_idle();
    return std::min(first, rest);
}

std::vector<double> least_seconds_in_turns(const std::vector<Work> &work, int rounds, double turn_seconds) {
    std::vector<double> least(work.size(), std::numeric_limits<double>::infinity());
    for (int round = 0; round < rounds; round++) {
        for (std::size_t i = 0; i < work.size(); i++)
            least[i] = std::min(least[i], turn(work[i], turn_seconds));
    }
    return least;
}

void wait_until_idle() {
    constexpr std::chrono::milliseconds step(1);
    for (int i = 0; i < 200; i++) {
        const double before = processor_seconds();
        std::this_thread::sleep_for(step);
        if (processor_seconds() - before < 1e-4)
            return;
    }
}

} // namespace conv1d::bench
