#pragma once

#include <cstdint>

/// Minimal filtering: neighbouring outputs of a filter of as many taps by fewer products than the definition
/// has. With m outputs y(i) = sum over k of d(i + k) g(k), i < m, k < m, and 2m-1 products
///
///   y = output ((weights g) * (input d))      `*` element by element
///
/// which is the polynomial product of Toom (1963) and Cook (1966), at 2m-2 points and infinity, transposed;
/// see Winograd, Arithmetic Complexity of Computations (1980). A filter of more taps is the sum of filters of
/// m taps, the last one filled up by zeros; their products are summed before `output` is applied.
namespace conv1d::schedules {

struct MinimalFilter {
    static constexpr int outputs = 4;
    static constexpr int taps = outputs;
    static constexpr int inputs = outputs + taps - 1;
    static constexpr int points = inputs;

    double input[points][inputs]{};
    double weights[points][taps]{};
    double output[outputs][points]{};

    constexpr MinimalFilter() {
        for (int point = 0; point < points; point++)
            add_point(point);
    }

    /// Filters of `taps` taps that make one of so many.
    static constexpr std::int64_t parts(std::int64_t filter_taps) noexcept {
        return (filter_taps + taps - 1) / taps;
    }
    /// Products for each channel and filter, and for `outputs` positions, of a filter of so many taps.
    static constexpr std::int64_t products(std::int64_t filter_taps) noexcept {
        return points * parts(filter_taps);
    }

private:
    /// Numbers that add little error, and whose powers are exact.
    static constexpr double finite[points - 1]{0, 1, -1, 2, -2, -0.5};

    constexpr void add_point(int point) {
        const bool infinity = point == points - 1;
        auto &polynomial = input[point]; // product of x - a over the other finite points a
        polynomial[0] = 1;
        double divisor = 1;
        for (int other = 0; other < points - 1; other++) {
            if (other == point)
                continue;
            for (int power = inputs - 1; power >= 0; power--)
                polynomial[power] =
                    (power > 0 ? polynomial[power - 1] : 0) - finite[other] * polynomial[power];
            if (!infinity)
                divisor *= finite[point] - finite[other];
        }
        double power = infinity ? 0 : 1;
        for (int k = 0; k < taps; k++, power *= infinity ? 1 : finite[point]) {
            const double value = infinity ? k == taps - 1 : power;
            weights[point][k] = value / divisor;
            output[k][point] = value;
        }
        balance(point);
    }

    /// Divides a row of `input` by a power of two, so that no coefficient is above 1, and gives it to the
    /// weights, where the multiplication is exact too.
    constexpr void balance(int point) {
        double largest = 0;
        for (const double x : input[point])
            largest = x > largest ? x : -x > largest ? -x : largest;
        double scale = 1;
        while (largest / scale > 1)
            scale *= 2;
        for (double &x : input[point])
            x /= scale;
        for (double &x : weights[point])
            x *= scale;
    }
};

inline constexpr MinimalFilter minimal_filter;

/// Neighbouring outputs are those of one phase of the dilation: place n computes the positions
///
///   n / dilation * dilation * outputs + n % dilation + i*dilation   for i < outputs
///
/// so that the places of whole periods of the dilation compute neighbouring positions. These are the places
/// of a register tile of so many positions that are of whole periods. For integers as for Halide's
/// expressions.
template <class N>
constexpr N whole_places(int positions, const N &dilation) {
    return positions / MinimalFilter::outputs / dilation * dilation;
}

/// The positions of these places; at least 1.
constexpr std::int64_t whole_positions(int positions, std::int64_t dilation) noexcept {
    const std::int64_t places = whole_places(positions, dilation);
    return places < 1 ? 1 : places * MinimalFilter::outputs;
}

/// Register tiles of so many positions in one copy, of which the combined samples stay in the L2 cache: 512
/// KiB of floats; if at least one.
template <class N>
N most_copied_tiles(int positions, const N &channels) {
    return (1 << 17) / MinimalFilter::points * MinimalFilter::outputs / positions / channels;
}

/// The largest dilation: a run of neighbouring positions is a vector at most, and such places fill most of a
/// tile.
inline constexpr int most_minimal_dilation = 16;

} // namespace conv1d::schedules
