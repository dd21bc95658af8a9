#include "conv1d/target.h"

#include <HalideRuntime.h>

#include <iterator>
#include <string_view>

namespace conv1d {
namespace {

struct Feature {
    std::string_view name;
    halide_target_feature_t bit;
};

// The processor features that our Halide targets name; the rest of their names is no feature.
constexpr Feature features[] = {
    {"sse41", halide_target_feature_sse41},
    {"avx", halide_target_feature_avx},
    {"f16c", halide_target_feature_f16c},
    {"fma", halide_target_feature_fma},
    {"avx2", halide_target_feature_avx2},
    {"avx512", halide_target_feature_avx512},
    {"avx512_skylake", halide_target_feature_avx512_skylake},
};

constexpr int words = (halide_target_feature_end + 63) / 64;

bool has_features(std::string_view halide_name) noexcept {
    std::uint64_t bits[words] = {};
    while (!halide_name.empty()) {
        const std::string_view token = halide_name.substr(0, halide_name.find('-'));
        halide_name.remove_prefix(token.size() < halide_name.size() ? token.size() + 1 : token.size());
        for (const Feature &feature : features) {
            if (token == feature.name)
                bits[feature.bit / 64] |= std::uint64_t{1} << (feature.bit % 64);
        }
    }
    return halide_can_use_target_features(words, bits) != 0;
}

/// What Halide's runtime does not ask: whether the operating system keeps the wide registers.
bool system_keeps_registers([[maybe_unused]] Target target) noexcept {
#if defined(__x86_64__)
    if (target == Target::x86_64_avx2)
        return __builtin_cpu_supports("avx2") != 0;
    if (target == Target::x86_64_avx512)
        return __builtin_cpu_supports("avx512f") != 0;
#endif
    return true;
}

bool is_host_family(Target target) noexcept {
#if defined(__x86_64__)
    return target != Target::arm_64;
#elif defined(__aarch64__)
    return target == Target::arm_64;
#else
    (void)target;
    return false;
#endif
}

} // namespace

bool is_supported(Target target) noexcept {
    return is_host_family(target) && has_features(halide_target(target)) && system_keeps_registers(target);
}

} // namespace conv1d
