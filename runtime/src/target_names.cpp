#include "conv1d/target.h"

#include <array>
#include <stdexcept>
#include <string>

namespace conv1d {
namespace {

struct Names {
    const char *ours;
    const char
        *halide; // Halide looks only at features that it is told, so the whole implied chain is written
};

// In the order of enum Target.
constexpr std::array<Names, target_count> names{{
    {"x86-64", "x86-64-linux"},
    {"x86-64-sse41", "x86-64-linux-sse41"},
    {"x86-64-avx2", "x86-64-linux-sse41-avx-f16c-fma-avx2"},
    {"x86-64-avx512", "x86-64-linux-sse41-avx-f16c-fma-avx2-avx512-avx512_skylake"},
    {"arm-64", "arm-64-linux"},
    {"x86-64-cuda", "x86-64-linux-cuda-cuda_capability_80"},
    {"x86-64-opencl", "x86-64-linux-opencl"},
}};

const Names &names_of(Target target) noexcept {
    static constexpr Names none{"unknown", "unknown"};
    const auto i = static_cast<std::size_t>(target);
    return i < names.size() ? names[i] : none;
}

} // namespace

const char *to_string(Target target) noexcept {
    return names_of(target).ours;
}

const char *halide_target(Target target) noexcept {
    return names_of(target).halide;
}

Target parse_target(std::string_view name) {
    std::string known;
    for (std::size_t i = 0; i < names.size(); i++) {
        if (name == names[i].ours)
            return static_cast<Target>(i);
        known += (i == 0 ? "" : ", ") + std::string(names[i].ours);
    }
    throw std::invalid_argument("target '" + std::string(name) + "' is unknown; expected one of " + known);
}

} // namespace conv1d
