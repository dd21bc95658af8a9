// Whether a small step in a layer's sizes makes it much slower for what it computes: the forward pass on a
// grid of taps, channels, strides and dilations, as its time over the bound that the machine's FMA peak and
// bandwidth set, and the neighbours that differ most in it. Every result is verified before it is timed.
#include "bench/machine.h"
#include "bench/sweep/times.h"

#include "conv1d/kernel.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace conv1d::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
    std::vector<std::string> operations{"conv"}, orders{"scb", "cbt"}, kinds{"dense", "depthwise"};
    int threads = 1, rounds = 3, at_random = 0;
    double minutes = 10;
    std::size_t worst = 30;
    std::string output;
};

std::vector<Family> families_of(const Settings &settings) {
    std::vector<Family> families;
    for (const std::string &operation : settings.operations) {
        for (const std::string &order : settings.orders) {
            for (const std::string &kind : settings.kinds) {
                families.push_back(
                    {operation == "conv" ? Operation::convolution : Operation::transposed_convolution,
                     order == "scb" ? MemoryOrder::scb : MemoryOrder::cbt, kind == "depthwise"});
            }
        }
    }
    return families;
}

nlohmann::ordered_json as_json(const Place &place) {
    nlohmann::ordered_json values;
    for (std::size_t i = 0; i < axis_count; i++)
        values[to_string(static_cast<Axis>(i))] = place[i];
    return values;
}

nlohmann::ordered_json as_json(const Times &times, std::size_t point) {
    const Point &p = times.points()[point];
    nlohmann::ordered_json json{
        {"operation", p.family.operation == Operation::convolution ? "conv" : "tconv"},
        {"order", to_string(p.family.order)},
        {"kind", p.family.depthwise ? "depthwise" : "dense"}};
    json.update(as_json(p.place));
    json["problem"] = to_string(p.problem);
    json["schedule"] = times.schedule(point);
    json["ms"] = 1e3 * times.seconds(point);
    json["bound_ms"] = 1e3 * times.bound_seconds(point);
    json["over_bound"] = times.over_bound(point);
    json["part_of_peak"] = times.part_of_peak(point);
    return json;
}

/// What plot.py draws: one point a line.
void write(std::ostream &file, const Times &times, int threads) {
    const Target target = best_target(builtin_kernels());
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const Base &base : bases()) {
        nlohmann::ordered_json json{{"kind", base.depthwise ? "depthwise" : "dense"}};
        json.update(as_json(base.place));
        lines.push_back(json);
    }
    const nlohmann::ordered_json about{{"processor", processor()},
                                       {"target", to_string(target)},
                                       {"threads", threads},
                                       {"gflops", times.roofline().peak_gflops(target)},
                                       {"gbs", times.roofline().bandwidth_gbs()},
                                       {"least_ms", 1e3 * Times::least_seconds_compared},
                                       {"cliff", Times::cliff}};
    file << "{\"about\": " << about << ",\n\"bases\": " << lines << ",\n\"points\": [";
    const char *separator = "\n";
    for (std::size_t i = 0; i < times.points().size(); i++) {
        if (!times.is_timed(i))
            continue;
        file << separator << as_json(times, i);
        separator = ",\n";
    }
    file << "\n]}\n";
}

void print_point(const Times &times, std::size_t point) {
    std::printf("  %-42s %9.4f %7.2f %6.1f  %s\n", to_string(times.points()[point].problem).c_str(),
                1e3 * times.seconds(point), times.over_bound(point), 100 * times.part_of_peak(point),
                times.schedule(point).c_str());
}

void print(const Times &times, const std::vector<Step> &steps, std::size_t worst) {
    std::printf("%-44s %9s %7s %6s  %s\n", "ratio, axis and layers", "ms", "/bound", "% peak", "schedule");
    for (std::size_t i = 0; i < std::min(worst, steps.size()); i++) {
        std::printf("%.2f %s\n", steps[i].ratio, to_string(steps[i].pair.axis));
        print_point(times, steps[i].pair.first);
        print_point(times, steps[i].pair.second);
    }
}

void print_summary(const Times &times, const std::vector<Step> &steps, int threads) {
    const auto cliffs =
        std::ranges::count_if(steps, [](const Step &step) { return step.ratio > Times::cliff; });
    std::size_t timed = 0;
    for (std::size_t i = 0; i < times.points().size(); i++)
        timed += times.is_timed(i);
    const Target target = best_target(builtin_kernels());
    std::printf(
        "/bound: the time over the larger of FLOP by peak and bytes by bandwidth. FMA peak of %s: %.1f "
        "GFLOP/s, bandwidth %.1f GB/s, best of %d samples in this run; %s, %d thread(s).\n",
        to_string(target), times.roofline().peak_gflops(target), times.roofline().bandwidth_gbs(),
        times.roofline().samples(), processor().c_str(), threads);
    std::printf("%zu points, %zu pairs, worst ratio %.2f, %td above %.1f (of %zu points; pairs of which both "
                "take %.1f ms)\n",
                timed, steps.size(), steps.empty() ? 1 : steps.front().ratio, cliffs, Times::cliff,
                times.points().size(), 1e3 * Times::least_seconds_compared);
}

/// Rounds over all points until one of the limits is reached.
void measure(Times &times, const Settings &settings) {
    constexpr int turns_of_cliffs = 20;
    const auto start = Clock::now();
    const auto budget = std::chrono::duration<double>(60 * settings.minutes);
    const auto end = start + std::chrono::duration_cast<Clock::duration>(budget);
    const auto seconds = [start] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    for (int round = 0; round < settings.rounds && Clock::now() < end; round++) {
        const std::size_t timed = times.measure(end);
        std::fprintf(stderr, "round %d: %zu of %zu points, %.0f s\n", round + 1, timed, times.points().size(),
                     seconds());
    }
    const std::size_t pairs = times.measure_cliffs_again(turns_of_cliffs);
    std::fprintf(stderr, "%zu pairs again, %.0f s\n", pairs, seconds());
}

void run(const Settings &settings) {
    std::ofstream file;
    if (!settings.output.empty()) {
        file.open(settings.output);
        if (!file)
            throw std::invalid_argument("--output is '" + settings.output +
                                        "'; expected a file that can be written");
    }
    Times times(grid(families_of(settings), settings.at_random), settings.threads);
    measure(times, settings);
    const std::vector<Step> steps = times.steps();
    print(times, steps, settings.worst);
    print_summary(times, steps, settings.threads);
    if (!settings.output.empty())
        write(file, times, settings.threads);
    if (!file.flush())
        throw std::runtime_error("'" + settings.output + "' cannot be written");
}

} // namespace
} // namespace conv1d::bench

int main(int argc, char **argv) {
    conv1d::bench::Settings settings;
    CLI::App app("Times the forward pass on a grid of sizes, and compares neighbours.");
    app.add_option("--operation", settings.operations, "conv, tconv; default: conv")
        ->check(CLI::IsMember({"conv", "tconv"}))
        ->delimiter(',');
    app.add_option("--order", settings.orders, "Memory orders: scb, cbt (channels-last); default: both")
        ->check(CLI::IsMember({"scb", "cbt"}))
        ->delimiter(',');
    app.add_option("--kind", settings.kinds, "dense, depthwise; default: both")
        ->check(CLI::IsMember({"dense", "depthwise"}))
        ->delimiter(',');
    app.add_option("--random", settings.at_random, "Points at random besides, with their neighbours")
        ->check(CLI::Range(0, 10000));
    app.add_option("--threads", settings.threads, "Threads of a layer")->check(CLI::Range(1, 1024));
    app.add_option("--rounds", settings.rounds, "Times that each point is timed")
        ->check(CLI::Range(1, 10000));
    app.add_option("--minutes", settings.minutes,
                   "Until then; what has not been timed is left out. Cliffs are timed again after that")
        ->check(CLI::Range(0.001, 10000.0));
    app.add_option("--worst", settings.worst, "Pairs to print")->check(CLI::Range(0, 1000000));
    app.add_option("--output", settings.output, "JSON file to write, for plot.py");
    CLI11_PARSE(app, argc, argv);
    try {
        conv1d::bench::run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "sweep: %s\n", error.what());
        return 1;
    }
    return 0;
}
