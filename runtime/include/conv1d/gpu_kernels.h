#pragma once

#include "conv1d/kernel.h"
#include "conv1d/visibility.h"

namespace CONV1D_HIDDEN conv1d {

/// Kernels for NVIDIA GPUs of compute capability 8.0 or later; link Conv1d::cuda. No CUDA is needed to build
/// or link.
KernelTable cuda_kernels() noexcept;

/// The same schedules for OpenCL devices; link Conv1d::opencl.
KernelTable opencl_kernels() noexcept;

} // namespace conv1d
