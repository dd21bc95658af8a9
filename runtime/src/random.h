#pragma once

#include <cstdint>

namespace conv1d::detail {

/// Random numbers that are the same on every platform: integers by SplitMix64 (Steele, Lea and Flood, 2014),
/// and from them, without any function of the mathematical library, uniform and normal deviates.
class Random {
public:
    /// Different streams of one seed are unrelated sequences.
    Random(std::uint64_t seed, std::uint64_t stream) noexcept;

    std::uint64_t bits() noexcept;
    /// In [0, 1), a multiple of 2^-53.
    double uniform() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    /// Mean 0, variance 1; exact in distribution up to the 53 bits of the uniforms, by comparisons only:
    /// algorithm N of Karney, Sampling exactly from the normal distribution, ACM Trans. Math. Softw. 42(1),
    /// 2016.
    double normal() noexcept;

private:
    bool with_probability_exp_minus_half() noexcept;
    bool accept_fraction(int whole, double fraction) noexcept;
    int take_whole() noexcept;

    std::uint64_t state_;
};

} // namespace conv1d::detail
