#pragma once

namespace conv1d::schedules {

/// Dilations that pairs of taps (Choice::pairs_taps()) have code of their own for.
inline constexpr int paired_dilations[] = {1, 2};

} // namespace conv1d::schedules
