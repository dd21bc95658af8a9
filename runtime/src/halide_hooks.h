#pragma once

#include <HalideRuntime.h>

#include <cstdint>

namespace conv1d {

/// Does nothing. Calling it makes the linker take halide_hooks.cpp, and with it our memory, threads and
/// errors, out of the static library; otherwise the weak definitions of Halide's runtime would satisfy the
/// kernels, all but those that ask for input.
void use_halide_hooks() noexcept;

extern "C" {

/// Brings what a kernel is about to copy into the caches: see fetched_rows(). Only kernels call it. \return 0
std::int32_t conv1d_fetch_input(const halide_buffer_t *input, std::int64_t first, std::int32_t samples,
                                std::int32_t part, std::int32_t parts, std::int32_t group,
                                std::int32_t batch) noexcept;
}

} // namespace conv1d
