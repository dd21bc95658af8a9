#pragma once

#include "bench/roofline.h"
#include "bench/sweep/grid.h"

#include <chrono>
#include <limits>
#include <random>
#include <string>

namespace conv1d::bench {

class ForwardRun;

/// A pair of neighbours, and how many times as far from its bound one is as the other.
struct Step {
    Pair pair; ///< `first` is the one that is further from it
    double ratio;
};

/// The least times of points, and what the machine's ceilings allow.
class Times {
public:
    /// A ratio of neighbours that is not accepted, and the times that count.
    static constexpr double cliff = 1.6, least_seconds_compared = 1e-4;

    Times(std::vector<Point> points, int threads);

    /// Times every point once more, in an order of its own, each with new memory; a point's first time, it is
    /// verified before. Stops at `end`. \return how many points were timed
    /// \throws std::runtime_error if a result is wrong
    std::size_t measure(std::chrono::steady_clock::time_point end);
    /// Times both of every pair that is a cliff so far, in turns, until none is left that was not.
    /// \return how many pairs
    std::size_t measure_cliffs_again(int rounds);

    /// Pairs of which both were timed and take long enough, the worst first.
    std::vector<Step> steps() const;

    const std::vector<Point> &points() const { return points_; }
    const Roofline &roofline() const { return roofline_; }
    bool is_timed(std::size_t point) const {
        return seconds_[point] < std::numeric_limits<double>::infinity();
    }
    double seconds(std::size_t point) const { return seconds_[point]; }
    /// The larger of FLOP by peak and bytes by bandwidth.
    double bound_seconds(std::size_t point) const;
    double over_bound(std::size_t point) const { return seconds_[point] / bound_seconds(point); }
    /// Part of the FMA peak.
    double part_of_peak(std::size_t point) const;
    const std::string &schedule(std::size_t point) const { return schedules_[point]; }

private:
    void measure_point(std::size_t point);
    Step step_of(const Pair &pair) const;

    std::vector<Point> points_;
    std::vector<Pair> pairs_;
    std::vector<double> seconds_; ///< infinite before the first time
    std::vector<std::string> schedules_;
    int threads_;
    Target target_;
    Roofline roofline_;
    std::mt19937 random_{1};
};

} // namespace conv1d::bench
