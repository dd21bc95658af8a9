#include "bench/sweep/grid.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

namespace conv1d::bench {
namespace {

constexpr std::array<Axis, axis_count> axes{Axis::taps, Axis::channels, Axis::stride, Axis::dilation};

constexpr std::size_t index(Axis axis) {
    return static_cast<std::size_t>(axis);
}

std::vector<std::int64_t> powers_of_two_and_neighbours(std::int64_t last) {
    std::set<std::int64_t> steps;
    for (std::int64_t power = 1; power <= last; power *= 2) {
        for (const std::int64_t step : {power - 1, power, power + 1}) {
            if (step >= 1 && step <= last)
                steps.insert(step);
        }
    }
    return {steps.begin(), steps.end()};
}

const std::vector<std::int64_t> &steps(Axis axis) {
    static const std::array<std::vector<std::int64_t>, axis_count> all{
        powers_of_two_and_neighbours(32), powers_of_two_and_neighbours(512), powers_of_two_and_neighbours(8),
        powers_of_two_and_neighbours(512)};
    return all[index(axis)];
}

using Places = std::set<Place>;

void add_line(Places &places, Place place, Axis axis) {
    for (const std::int64_t step : steps(axis)) {
        place[index(axis)] = step;
        places.insert(place);
    }
}

void add_plane(Places &places, Place place, const std::array<Axis, 2> &plane) {
    for (const std::int64_t step : steps(plane[0])) {
        place[index(plane[0])] = step;
        add_line(places, place, plane[1]);
    }
}

/// The place and those one step up or down an axis.
void add_star(Places &places, const Place &place) {
    places.insert(place);
    for (const Axis axis : axes) {
        const auto here = std::ranges::find(steps(axis), place[index(axis)]);
        Place next = place;
        if (here != steps(axis).begin()) {
            next[index(axis)] = *(here - 1);
            places.insert(next);
        }
        if (here + 1 != steps(axis).end()) {
            next[index(axis)] = *(here + 1);
            places.insert(next);
        }
    }
}

Place any_place(std::mt19937 &random) {
    Place place{};
    for (const Axis axis : axes)
        place[index(axis)] = steps(axis)[random() % steps(axis).size()];
    return place;
}

Places places_of(bool depthwise, int at_random) {
    Places places;
    for (const Base &base : bases()) {
        if (base.depthwise != depthwise)
            continue;
        for (const Axis axis : axes)
            add_line(places, base.place, axis);
        for (const auto &plane : base.planes)
            add_plane(places, base.place, plane);
    }
    std::mt19937 random(1);
    for (int i = 0; i < at_random; i++)
        add_star(places, any_place(random));
    return places;
}

bool is_transposed(const Problem &p) {
    return p.operation == Operation::transposed_convolution;
}

std::int64_t least_positions(const Problem &p) {
    constexpr double most_flops = 5e7, most_bytes = 1e7, least = 512;
    const std::int64_t samples =
        is_transposed(p) ? p.channels + p.filters * p.stride : p.channels * p.stride + p.filters;
    const double flops = 2.0 * static_cast<double>(p.taps * p.channels_per_group() * p.filters);
    const double bytes = sizeof(float) * static_cast<double>(samples);
    const double reach = static_cast<double>((p.taps - 1) * p.dilation) / static_cast<double>(p.stride);
    return static_cast<std::int64_t>(
        std::max({least, reach, std::min(most_flops / flops, most_bytes / bytes)}));
}

/// Within two cache lines of a whole number of KiB.
bool shares_cache_sets(std::int64_t samples) {
    constexpr std::int64_t kib = 1024 / sizeof(float), near = 2 * 64 / sizeof(float);
    return (samples + near) % kib <= 2 * near;
}

} // namespace

const char *to_string(Axis axis) noexcept {
    constexpr std::array names{"taps", "channels", "stride", "dilation"};
    return names[index(axis)];
}

const std::vector<Base> &bases() {
    constexpr auto taps = Axis::taps, channels = Axis::channels, stride = Axis::stride,
                   dilation = Axis::dilation;
    static const std::vector<Base> all{
        {false, {3, 64, 1, 1}, {{taps, channels}, {dilation, taps}, {stride, channels}}},
        {false, {8, 16, 2, 1}, {{stride, channels}}}, // down-sampling
        {false, {1, 256, 1, 1}, {}},                  // pointwise
        {false, {16, 2, 4, 1}, {}},                   // few channels
        {false, {2, 128, 1, 64}, {}},                 // WaveNet's
        {false, {5, 33, 1, 4}, {}},                   // filters that fit no register tile
        {true, {3, 64, 1, 1}, {{taps, channels}}},
        {true, {9, 256, 2, 1}, {}},
        {true, {31, 512, 1, 1}, {}}, // Conformer's
    };
    return all;
}

std::vector<Point> grid(const std::vector<Family> &families, int at_random) {
    std::vector<Point> points;
    for (const Family &family : families) {
        for (const Place &place : places_of(family.depthwise, at_random))
            points.push_back({family, place, problem_of(family, place)});
    }
    return points;
}

std::vector<Pair> neighbours(const std::vector<Point> &points) {
    std::map<std::tuple<Operation, MemoryOrder, bool, Place>, std::size_t> index_of;
    const auto key = [](const Family &family, const Place &place) {
        return std::tuple(family.operation, family.order, family.depthwise, place);
    };
    for (std::size_t i = 0; i < points.size(); i++)
        index_of[key(points[i].family, points[i].place)] = i;
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < points.size(); i++) {
        for (const Axis axis : axes) {
            Place place = points[i].place;
            const auto next = std::ranges::upper_bound(steps(axis), place[index(axis)]);
            if (next == steps(axis).end())
                continue;
            place[index(axis)] = *next;
            if (const auto found = index_of.find(key(points[i].family, place)); found != index_of.end())
                pairs.push_back({i, found->second, axis});
        }
    }
    return pairs;
}

Problem problem_of(const Family &family, const Place &place) {
    Problem p;
    p.operation = family.operation;
    p.order = family.order;
    p.taps = place[index(Axis::taps)];
    p.channels = p.filters = place[index(Axis::channels)];
    p.groups = family.depthwise ? p.channels : 1;
    p.stride = place[index(Axis::stride)];
    p.dilation = place[index(Axis::dilation)];
    std::int64_t positions = least_positions(p);
    const auto longer = [&] { return (positions - 1) * p.stride + (p.taps - 1) * p.dilation + 1; };
    while (shares_cache_sets(positions) || shares_cache_sets(longer()))
        positions++;
    p.length = is_transposed(p) ? positions : longer();
    return p;
}

} // namespace conv1d::bench
