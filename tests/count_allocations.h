#pragma once

#include <functional>

namespace conv1d::testing {

/// Allocations, in all threads, while `work` runs. A program with this has the C library's allocating
/// functions replaced by ones that count.
int allocations_of(const std::function<void()> &work);

} // namespace conv1d::testing
