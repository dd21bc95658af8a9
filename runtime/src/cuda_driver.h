#pragma once

namespace conv1d {

/// Puts right, once a process and before the first CUDA call, what Halide 21's runtime gets wrong: it looks
/// for libcuda.so only, where a system without development files has libcuda.so.1; and it caps the registers
/// of its just-in-time compilation at 64, at which register-blocked kernels spill.
void prepare_cuda_driver() noexcept;

} // namespace conv1d
