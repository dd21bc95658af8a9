#pragma once

#include <functional>
#include <vector>

namespace conv1d::bench {

using Work = std::function<void()>;

/// The least seconds of one call of each, all taking turns in every round.
/// \param calls  in a row, so that the clock does not matter
std::vector<double> least_seconds(const std::vector<Work> &work, int rounds, int calls);

/// Seconds of one call, of as many in a row as take about that long, after one that is not counted unless it
/// is quicker, so that the caches hold what others' work drove out of them. Begins and returns when no thread
/// of this process runs any more: those of OpenMP wait for work awake for some milliseconds.
double turn(const Work &work, double seconds);

/// The least of such turns, one of each in every round.
std::vector<double> least_seconds_in_turns(const std::vector<Work> &work, int rounds, double turn_seconds);

/// Returns when this process, all its threads together, has been nearly idle for a millisecond, or after 0.2
/// s.
void wait_until_idle();

} // namespace conv1d::bench
