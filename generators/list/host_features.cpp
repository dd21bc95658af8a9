// What runtime/src/target.cpp asks Halide's runtime, which this program does not have: whether this processor
// has a target's features.
#include <HalideRuntime.h>

#include <cstdint>

namespace {

bool has_feature([[maybe_unused]] int feature) {
#if defined(__x86_64__)
    switch (feature) {
    case halide_target_feature_sse41:
        return __builtin_cpu_supports("sse4.1") != 0;
    case halide_target_feature_avx:
        return __builtin_cpu_supports("avx") != 0;
    case halide_target_feature_f16c: // no name of the compiler's; all processors with AVX2 have it
    case halide_target_feature_avx2:
        return __builtin_cpu_supports("avx2") != 0;
    case halide_target_feature_fma:
        return __builtin_cpu_supports("fma") != 0;
    case halide_target_feature_avx512:
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0;
    case halide_target_feature_avx512_skylake:
        return __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512dq") != 0;
    default:
        break;
    }
#endif
    return false;
}

} // namespace

extern "C" int halide_can_use_target_features(int count, const std::uint64_t *features) {
    for (int feature = 0; feature < 64 * count; feature++) {
        if ((features[feature / 64] >> (feature % 64) & 1) != 0 && !has_feature(feature))
            return 0;
    }
    return 1;
}
