#pragma once

namespace conv1d {

/// Does nothing. Calling it makes the linker take halide_hooks.cpp, and with it our memory, threads and
/// errors, out of the static library; otherwise the weak definitions of Halide's runtime would satisfy the
/// kernels.
void use_halide_hooks() noexcept;

} // namespace conv1d
