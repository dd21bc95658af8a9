#pragma once

#include <string>

/// What a measurement says about where it was taken.
namespace conv1d::bench {

/// As the kernel names it; "unknown processor" where it does not.
std::string processor();

/// Of the machine, in bytes.
double memory_bytes();

} // namespace conv1d::bench
