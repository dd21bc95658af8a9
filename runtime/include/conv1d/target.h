#pragma once

#include "conv1d/visibility.h"

#include <string_view>

namespace CONV1D_HIDDEN conv1d {

/// What a kernel is compiled for. Within one family a later one is a superset of the earlier and is
/// preferred.
enum class Target {
    x86_64,        ///< SSE2: every x86-64 processor
    x86_64_sse41,  ///< SSE4.1
    x86_64_avx2,   ///< AVX2, FMA, F16C
    x86_64_avx512, ///< AVX-512 F, CD, VL, DQ, BW (Skylake server and later)
    arm_64,        ///< ARMv8-A with NEON
    x86_64_cuda,   ///< NVIDIA GPU of compute capability 8.0 or later, x86-64 host
    x86_64_opencl, ///< OpenCL 1.2 device, x86-64 host
};

inline constexpr int target_count = 7;

/// Our short name, e.g. "x86-64-avx2"; "unknown" for a number that is no target's. Never null.
const char *to_string(Target target) noexcept;

/// The target of a short name. \throws std::invalid_argument naming it and listing the known ones
Target parse_target(std::string_view name);

/// Halide's name with the full chain of features that the short name implies, without `no_runtime` and the
/// like; the one place where a short name is expanded.
const char *halide_target(Target target) noexcept;

constexpr bool is_gpu(Target target) noexcept {
    return target == Target::x86_64_cuda || target == Target::x86_64_opencl;
}

/// True when this processor has every feature of `target`. A GPU target answers for its host part only:
/// whether there is a device is known when a kernel is first run (Status::device_unavailable).
bool is_supported(Target target) noexcept;

} // namespace conv1d
