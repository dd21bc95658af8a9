#include "random.h"

namespace conv1d::detail {

Random::Random(std::uint64_t seed, std::uint64_t stream) noexcept : state_(seed) {
    state_ = bits() + stream * 0xd1342543de82ef95u; // an odd number: each stream starts elsewhere
    state_ = bits();
}

std::uint64_t Random::bits() noexcept {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// A run of uniforms, the first below x and each below the one before, has an even length with probability
// exp(-x).
bool Random::with_probability_exp_minus_half() noexcept {
    double last = uniform();
    if (last >= 0.5)
        return true;
    for (bool even = false;; even = !even) {
        const double next = uniform();
        if (next >= last)
            return even;
        last = next;
    }
}

/// True with probability exp(-fraction * (2*whole + fraction) / (2*whole + 2)).
bool Random::accept_fraction(int whole, double fraction) noexcept {
    const double share = (2 * whole + fraction) / (2 * whole + 2);
    double last = fraction;
    for (bool even = true;; even = !even) {
        const double next = uniform();
        if (next >= last || uniform() >= share)
            return even;
        last = next;
    }
}

/// k with probability proportional to exp(-k*k/2).
int Random::take_whole() noexcept {
    for (;;) {
        int whole = 0;
        while (with_probability_exp_minus_half())
            whole++;
        int trials = whole * (whole - 1);
        while (trials > 0 && with_probability_exp_minus_half())
            trials--;
        if (trials <= 0)
            return whole;
    }
}

double Random::normal() noexcept {
    for (;;) {
        const int whole = take_whole();
        const double fraction = uniform();
        int trials = whole + 1;
        while (trials > 0 && accept_fraction(whole, fraction))
            trials--;
        if (trials == 0)
            return (bits() >> 63) != 0 ? -(whole + fraction) : whole + fraction;
    }
}

} // namespace conv1d::detail
