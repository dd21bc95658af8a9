#include "bench/roofline.h"

#include <algorithm>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace conv1d::bench {
namespace {

// 12 chains hide 2 operations a cycle of 6 cycles' latency, and fit the 16 registers of AVX2.
constexpr int chains = 12;
constexpr int rounds = 20000;

// One multiply-add of one chain. The empty assembly makes its value needed, in a register of the given class,
// so that none can be left out.
#define CONV1D_STEP(a, multiply_add, register_class)                                                         \
    do {                                                                                                     \
        a = multiply_add(a, factor, addend);                                                                 \
        asm volatile("" : "+" register_class(a));                                                            \
    } while (false)

/// Defines a function that runs `rounds` multiply-adds on each chain and returns their FLOP.
#define CONV1D_PEAK(name, attribute, Vector, lanes, set, multiply_add, register_class)                       \
    attribute double name() {                                                                                \
        const Vector factor = set(0.999999f), addend = set(1e-6f), one = set(1.0f);                          \
        Vector a = one, b = one, c = one, d = one, e = one, f = one;                                         \
        Vector g = one, h = one, i = one, j = one, k = one, l = one;                                         \
        for (int round = 0; round < rounds; round++) {                                                       \
            CONV1D_STEP(a, multiply_add, register_class);                                                    \
            CONV1D_STEP(b, multiply_add, register_class);                                                    \
            CONV1D_STEP(c, multiply_add, register_class);                                                    \
            CONV1D_STEP(d, multiply_add, register_class);                                                    \
            CONV1D_STEP(e, multiply_add, register_class);                                                    \
            CONV1D_STEP(f, multiply_add, register_class);                                                    \
            CONV1D_STEP(g, multiply_add, register_class);                                                    \
            CONV1D_STEP(h, multiply_add, register_class);                                                    \
            CONV1D_STEP(i, multiply_add, register_class);                                                    \
            CONV1D_STEP(j, multiply_add, register_class);                                                    \
            CONV1D_STEP(k, multiply_add, register_class);                                                    \
            CONV1D_STEP(l, multiply_add, register_class);                                                    \
        }                                                                                                    \
        return 2.0 * lanes * chains * rounds;                                                                \
    }

#if defined(__x86_64__)
__m128 multiply_then_add(__m128 a, __m128 b, __m128 c) {
    return _mm_add_ps(_mm_mul_ps(a, b), c);
}
CONV1D_PEAK(peak_sse, , __m128, 4, _mm_set1_ps, multiply_then_add, "x")
CONV1D_PEAK(peak_avx2, __attribute__((target("avx2,fma"))), __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps, "x")
CONV1D_PEAK(peak_avx512, __attribute__((target("avx512f"))), __m512, 16, _mm512_set1_ps, _mm512_fmadd_ps, "v")
#elif defined(__aarch64__)
float32x4_t neon_multiply_add(float32x4_t a, float32x4_t b, float32x4_t c) {
    return vfmaq_f32(c, a, b);
}
CONV1D_PEAK(peak_neon, , float32x4_t, 4, vdupq_n_f32, neon_multiply_add, "w")
#endif

using Work = double (*)();

Work peak_work(Target target) {
    switch (target) {
#if defined(__x86_64__)
    case Target::x86_64:
    case Target::x86_64_sse41:
        return peak_sse;
    case Target::x86_64_avx2:
        return peak_avx2;
    case Target::x86_64_avx512:
        return peak_avx512;
#elif defined(__aarch64__)
    case Target::arm_64:
        return peak_neon;
#endif
    default:
        throw std::invalid_argument(std::string("no FMA peak can be measured here for target ") +
                                    to_string(target));
    }
}

/// Runs `work(thread)` on that many threads at once and returns the amount of work of all, per second from
/// the first one's start to the last one's end.
template <class Function>
double rate(int threads, Function work) {
    struct Part {
        double amount;
        std::chrono::steady_clock::time_point start, end;
    };
    std::vector<Part> parts(static_cast<std::size_t>(threads));
    std::latch ready(threads);
    const auto run = [&](int thread) {
        Part &part = parts[static_cast<std::size_t>(thread)];
        ready.count_down();
        while (!ready.try_wait()) { // awake, as waking up takes as long as a short piece of work
        }
        part.start = std::chrono::steady_clock::now();
        part.amount = work(thread);
        part.end = std::chrono::steady_clock::now();
    };
    std::vector<std::thread> others;
    for (int t = 1; t < threads; t++)
        others.emplace_back(run, t);
    run(0);
    for (std::thread &thread : others)
        thread.join();
    Part all = parts.front();
    for (std::size_t i = 1; i < parts.size(); i++) {
        all.amount += parts[i].amount;
        all.start = std::min(all.start, parts[i].start);
        all.end = std::max(all.end, parts[i].end);
    }
    return all.amount / std::chrono::duration<double>(all.end - all.start).count();
}

/// The best of ten slices of a fraction of a millisecond: of those, some pass between two interruptions.
double measure_peak(Work work, int threads) {
    double best = 0;
    for (int slice = 0; slice < 10; slice++) {
        best = std::max(best, rate(threads, [&](int) {
                            double flops = 0;
                            for (int i = 0; i < 5; i++)
                                flops += work();
                            return flops;
                        }));
    }
    return 1e-9 * best;
}

/// Elements of an array that no cache holds: 64 MiB, or as much as a larger third-level cache, up to 192 MiB.
std::size_t elements_beyond_caches() {
    const long third_level = sysconf(_SC_LEVEL3_CACHE_SIZE); // 0 or less where it is not known
    const auto cache = static_cast<std::size_t>(std::max(third_level, 0L));
    return std::clamp(cache, std::size_t{64} << 20, std::size_t{192} << 20) / sizeof(float);
}

/// Three such arrays, shared out to the threads.
double measure_bandwidth(int threads) {
    static const std::size_t count = elements_beyond_caches();
    static std::vector<float> a(count, 0.0f), b(count, 1.0f), c(count, 2.0f);
    return 1e-9 * rate(threads, [&](int thread) {
               const std::size_t begin =
                   count / static_cast<std::size_t>(threads) * static_cast<std::size_t>(thread);
               const std::size_t end = begin + count / static_cast<std::size_t>(threads);
               for (std::size_t i = begin; i < end; i++)
                   a[i] = b[i] + 3.0f * c[i];
               return 12.0 * static_cast<double>(end - begin);
           });
}

} // namespace

void Roofline::sample(Target target) {
    sample_peak(target);
    bandwidth_gbs_ = std::max(bandwidth_gbs_, measure_bandwidth(threads_));
    samples_++;
}

void Roofline::sample_peak(Target target) {
    double &peak = peak_gflops_[static_cast<std::size_t>(target)];
    peak = std::max(peak, measure_peak(peak_work(target), threads_));
}

} // namespace conv1d::bench
