#include "bench/sweep/times.h"

#include "bench/forward_run.h"
#include "bench/interleaved.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace conv1d::bench {
namespace {

using Clock = std::chrono::steady_clock;

Work work_of(ForwardRun &run) {
    return [&run] {
        if (run.run() != Status::ok)
            throw std::runtime_error(to_string(run.problem()) + " failed after it had been verified");
    };
}

/// The least of single calls, as many as take some milliseconds: each is long enough for the clock.
double least_of_calls(ForwardRun &run) {
    const std::vector<Work> work{work_of(run)};
    const double first = least_seconds(work, 2, 1).front();
    const int more = static_cast<int>(std::clamp(3e-3 / first, 1.0, 20.0));
    return std::min(first, least_seconds(work, more, 1).front());
}

} // namespace

Times::Times(std::vector<Point> points, int threads)
    : points_(std::move(points)), pairs_(neighbours(points_)),
      seconds_(points_.size(), std::numeric_limits<double>::infinity()), schedules_(points_.size()),
      threads_(threads), target_(best_target(builtin_kernels())), roofline_(threads) {}

std::size_t Times::measure(Clock::time_point end) {
    constexpr std::size_t points_a_sample = 50;
    std::vector<std::size_t> order(points_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::shuffle(order, random_);
    std::size_t done = 0;
    for (const std::size_t point : order) {
        if (Clock::now() >= end)
            break;
        if (done++ % points_a_sample == 0)
            roofline_.sample(target_);
        measure_point(point);
    }
    return done;
}

void Times::measure_point(std::size_t point) {
    ForwardRun run(points_[point].problem, threads_);
    if (!is_timed(point)) {
        run.verify();
        schedules_[point] = run.kernel().schedule->name;
    }
    seconds_[point] = std::min(seconds_[point], least_of_calls(run));
}

std::size_t Times::measure_cliffs_again(int rounds) {
    std::vector<bool> again(pairs_.size());
    std::size_t count = 0;
    for (bool any = true; any;) {
        any = false;
        for (std::size_t i = 0; i < pairs_.size(); i++) {
            const auto [first, second, axis] = pairs_[i];
            if (again[i] || !is_timed(first) || !is_timed(second) || step_of(pairs_[i]).ratio <= cliff)
                continue;
            ForwardRun one(points_[first].problem, threads_), other(points_[second].problem, threads_);
            const std::vector<double> least = least_seconds({work_of(one), work_of(other)}, rounds, 1);
            seconds_[first] = std::min(seconds_[first], least[0]);
            seconds_[second] = std::min(seconds_[second], least[1]);
            again[i] = any = true;
            if (count++ % 20 == 0)
                roofline_.sample(target_);
        }
    }
    return count;
}

Step Times::step_of(const Pair &pair) const {
    const double ratio = over_bound(pair.first) / over_bound(pair.second);
    return ratio >= 1 ? Step{pair, ratio} : Step{{pair.second, pair.first, pair.axis}, 1 / ratio};
}

std::vector<Step> Times::steps() const {
    const auto counts = [this](std::size_t point) {
        return is_timed(point) && seconds_[point] >= least_seconds_compared;
    };
    std::vector<Step> steps;
    for (const Pair &pair : pairs_) {
        if (counts(pair.first) && counts(pair.second))
            steps.push_back(step_of(pair));
    }
    std::ranges::sort(steps, std::ranges::greater(), &Step::ratio);
    return steps;
}

double Times::bound_seconds(std::size_t point) const {
    const Problem &p = points_[point].problem;
    return 1e-9 * std::max(p.flops() / roofline_.peak_gflops(target_), p.bytes() / roofline_.bandwidth_gbs());
}

double Times::part_of_peak(std::size_t point) const {
    return 1e-9 * points_[point].problem.flops() / seconds_[point] / roofline_.peak_gflops(target_);
}

} // namespace conv1d::bench
