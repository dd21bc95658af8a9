#pragma once

#include "conv1d/run_kernel.h"
#include "tests/reference.h"

#include <random>
#include <string>
#include <vector>

namespace conv1d::bench {

/// That many numbers, uniform in [-1, 1).
template <class T>
std::vector<T> noise(std::int64_t count, std::mt19937 &random);

/// Sees that no output is NaN, which an unwritten one may be filled with, and holds some hundreds of them
/// against the definition: both ends of the signal, the last filters, every batch, and others at random.
/// \param filter_block  filters of one register tile: of an incomplete last tile all are looked at
/// \return what is wrong; empty when nothing is
template <class T>
std::string verify_samples(const Problem &problem, const testing::Arrays<T> &arrays, Signal<const T> output,
                           int filter_block);

} // namespace conv1d::bench
