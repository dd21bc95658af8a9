#pragma once

namespace conv1d::schedules {

/// Dilations that pairs of taps (Schedule::pair_samples) are compiled for.
inline constexpr int paired_dilations[] = {1, 2};

} // namespace conv1d::schedules
