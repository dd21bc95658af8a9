#pragma once

#include "conv1d/problem.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace conv1d::bench {

/// What neighbours differ in. The steps of an axis are the powers of two and the numbers next to them: taps 1
/// to 32, channels (and filters) 1 to 512, stride 1 to 8, dilation 1 to 512.
enum class Axis { taps, channels, stride, dilation };
inline constexpr std::size_t axis_count = 4;

/// "taps", "channels", "stride" or "dilation". Never null.
const char *to_string(Axis axis) noexcept;

/// A number of each axis.
using Place = std::array<std::int64_t, axis_count>;

/// Layers that are compared with one another.
struct Family {
    Operation operation;
    MemoryOrder order;
    bool depthwise; ///< as many groups as channels; else 1
};

/// A layer of the grid.
struct Point {
    Family family;
    Place place;
    Problem problem;
};

/// Two points, by their indices, one step of an axis apart.
struct Pair {
    std::size_t first, second;
    Axis axis;
};

/// Where lines along every axis cross.
struct Base {
    bool depthwise;
    Place place;
    std::vector<std::array<Axis, 2>> planes; ///< that go through it, whole
};

/// The whole grid would be 57,000 layers a family. What is looked at is, through each of these, the whole
/// line along every axis, and planes.
const std::vector<Base> &bases();

/// Lines and planes of every base, each point once, and as many more points of the whole grid, drawn at
/// random, with all their neighbours.
std::vector<Point> grid(const std::vector<Family> &families, int at_random);

/// All neighbours among the points.
std::vector<Pair> neighbours(const std::vector<Point> &points);

/// The layer without padding, of this many positions (outputs; inputs, if transposed): those of 50 MFLOP or
/// of 10 MB, whichever are fewer, but 512 at least, and so many that all the taps together do not span more
/// than what the positions do; then some more, until no channel of a signal is nearly a whole number of KiB
/// after the one before, which would tell of cache sets what the grid is not to ask.
Problem problem_of(const Family &family, const Place &place);

} // namespace conv1d::bench
