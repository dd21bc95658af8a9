// What the forward pass costs beside oneDNN's, layer by layer, for tuning: the layer with the kernel that it
// chooses, and every way to pose the layer to oneDNN, taking turns in one run. Both are verified first.
#include "bench/forward_run.h"
#include "bench/interleaved.h"
#include "bench/machine.h"
#include "bench/peers/onednn_forward.h"
#include "bench/roofline.h"
#include "bench/shapes.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>

namespace conv1d::bench {
namespace {

struct Settings {
    std::vector<std::string> names, problems, orders{"scb", "cbt"};
    std::string shapes = CONV1D_SHAPES_FILE, schedule, filtering = "direct";
    int threads = 1, rounds = 15;
};

/// What two times of oneDNN's over ours are, of many layers.
struct Ratios {
    double log_sum = 0;
    int count = 0, ahead = 0;

    void add(double ratio) {
        log_sum += std::log(ratio);
        count++;
        ahead += ratio >= 1;
    }
    double mean() const { return std::exp(log_sum / count); }
};

struct Asked {
    Posing posing;
    std::unique_ptr<ForwardPeer> onednn;
};

std::vector<Asked> ask_onednn(const ForwardRun &ours, int threads) {
    std::vector<Asked> asked;
    for (const bool two_dimensional : {false, true}) {
        for (const auto layout : {Posing::Layout::plain, Posing::Layout::own, Posing::Layout::reordered}) {
            const Posing posing{two_dimensional, layout};
            auto onednn = onednn_forward(ours.problem(), posing, ours.arrays(), threads);
            if (!onednn)
                continue;
            onednn->run();
            if (const std::string wrong = ours.difference(onednn->output_values()); !wrong.empty())
                throw std::runtime_error(to_string(ours.problem()) + " by oneDNN, " + to_string(posing) +
                                         ": " + wrong);
            asked.push_back({posing, std::move(onednn)});
        }
    }
    return asked;
}

/// The fastest of those with the plain layout outside, or of those without; null if there is none.
const Asked *fastest(const std::vector<Asked> &asked, const std::vector<double> &seconds, bool own) {
    const Asked *best = nullptr;
    double least = 0;
    for (std::size_t i = 0; i < asked.size(); i++) {
        if ((asked[i].posing.layout == Posing::Layout::own) == own && (!best || seconds[i + 1] < least)) {
            best = &asked[i];
            least = seconds[i + 1];
        }
    }
    return best;
}

class Comparison {
public:
    explicit Comparison(const Settings &settings) : settings_(settings), roofline_(settings.threads) {}

    void print_header() const {
        std::printf("%-28s %-3s %10s %8s %6s %7s  %-26s %10s %10s %6s %6s  %s\n", "layer", "", "ours ms",
                    "GFLOP/s", "% peak", "GB/s", "schedule", "direct ms", "oneDNN ms", "ratio", "own",
                    "oneDNN's fastest");
    }

    void compare(const std::string &name, Problem p) {
        const bool zeros = p.padding_mode == PaddingMode::constant && p.padding_value == 0;
        p.padding_mode = PaddingMode::constant;
        p.padding_value = 0;
        Problem allowed = p;
        if (settings_.filtering == "minimal" && p.operation == Operation::convolution)
            allowed.minimal_filtering = true;
        p.minimal_filtering = false;
        ForwardRun ours(allowed, settings_.threads, settings_.schedule);
        ours.verify();
        std::optional<ForwardRun> direct;
        if (minimal(ours))
            direct.emplace(p, settings_.threads, "").verify();
        target_ = ours.kernel().target;
        const std::vector<Asked> asked = ask_onednn(direct ? *direct : ours, settings_.threads);
        std::vector<Work> work{[&] { (void)ours.run(); }};
        for (const Asked &one : asked)
            work.push_back([&] { one.onednn->run(); });
        if (direct)
            work.push_back([&] { (void)direct->run(); });
        roofline_.sample(target_);
        const std::vector<double> seconds = least_seconds_in_turns(work, settings_.rounds, turn_seconds);
        roofline_.sample(target_);
        print_row(name + (zeros ? "" : " (0)"), ours, asked, seconds);
    }

    void print_summary() const {
        if (ratios_.count > 0)
            std::printf(
                "oneDNN's time over ours, geometric mean of %d: %.3f, at least 1 on %d; in its own layouts "
                "%.3f, on %d.\n",
                ratios_.count, ratios_.mean(), ratios_.ahead, own_ratios_.mean(), own_ratios_.ahead);
        const std::string peer = onednn_version();
        std::printf(
            "ratio: the time of oneDNN's fastest with activations in the same memory order (plain, or "
            "reordered inside the call) over ours; own: in its own layouts. cbt is channels-last, nwc. (0): "
            "timed with zeros as padding, which oneDNN alone knows. direct: ours by direct sums, where "
            "minimal filtering is allowed and used. Weights are packed before. Least of %d "
            "interleaved rounds, %d thread(s), all verified before. %s; %s; FMA peak %.1f GFLOP/s, bandwidth "
            "%.1f GB/s.\n",
            settings_.rounds, settings_.threads, peer.empty() ? "built without oneDNN" : peer.c_str(),
            processor().c_str(), roofline_.peak_gflops(target_), roofline_.bandwidth_gbs());
    }

private:
    static constexpr double turn_seconds = 0.005;

    static bool minimal(const ForwardRun &run) {
        return run.kernel().schedule->weight_order == WeightOrder::minimal_filter;
    }

    void print_row(const std::string &name, const ForwardRun &ours, const std::vector<Asked> &asked,
                   const std::vector<double> &seconds) {
        const double gflops = 1e-9 * ours.problem().flops() / seconds[0];
        std::printf("%-28s %-3s %10.4f %8.1f %6.1f %7.2f  %-26s ", name.c_str(),
                    to_string(ours.problem().order), 1e3 * seconds[0], gflops,
                    100 * gflops / roofline_.peak_gflops(target_), 1e-9 * ours.problem().bytes() / seconds[0],
                    ours.kernel().schedule->name);
        if (minimal(ours))
            std::printf("%10.4f ", 1e3 * seconds.back());
        else
            std::printf("%10s ", "");
        const Asked *plain = fastest(asked, seconds, false), *own = fastest(asked, seconds, true);
        if (plain && own) {
            const auto time = [&](const Asked *one) {
                return seconds[static_cast<std::size_t>(one - asked.data()) + 1];
            };
            const double ratio = time(plain) / seconds[0], own_ratio = time(own) / seconds[0];
            ratios_.add(ratio);
            own_ratios_.add(own_ratio);
            std::printf("%10.4f %6.3f %6.3f  %s %s\n", 1e3 * time(plain), ratio, own_ratio,
                        to_string(plain->posing).c_str(), plain->onednn->implementation().c_str());
        } else {
            std::printf("%10s\n", "none");
        }
        std::fflush(stdout);
    }

    const Settings &settings_;
    Roofline roofline_;
    Target target_{};
    Ratios ratios_, own_ratios_;
};

std::vector<Layer> layers_of(const Settings &settings) {
    std::vector<Layer> layers;
    for (const std::string &text : settings.problems)
        layers.push_back({text, parse_problem(text)});
    if (!settings.names.empty() || layers.empty()) {
        for (Layer &layer : layers_named(read_shapes(settings.shapes), settings.names))
            layers.push_back(std::move(layer));
    }
    return layers;
}

void run(const Settings &settings) {
    const std::vector<Layer> layers = layers_of(settings);
    Comparison comparison(settings);
    comparison.print_header();
    for (const std::string &order : settings.orders) {
        for (const Layer &layer : layers) {
            Problem p = layer.problem;
            p.order = order == "scb" ? MemoryOrder::scb : MemoryOrder::cbt;
            comparison.compare(layer.name, p);
        }
    }
    comparison.print_summary();
}

} // namespace
} // namespace conv1d::bench

int main(int argc, char **argv) {
    conv1d::bench::Settings settings;
    CLI::App app("Times the forward pass of layers in turns with oneDNN's.");
    app.add_option("layers", settings.names,
                   "Names of layers; default: all of the file, unless there is --problem");
    app.add_option("--problem", settings.problems, "A problem string, several times");
    app.add_option("--shapes", settings.shapes, "CSV file of layers");
    app.add_option("--order", settings.orders, "Memory orders: scb, cbt (channels-last); default: both")
        ->check(CLI::IsMember({"scb", "cbt"}))
        ->delimiter(',');
    app.add_option("--schedule", settings.schedule,
                   "Ours with this schedule; default: the one that layers choose");
    app.add_option("--filtering", settings.filtering,
                   "Of ours: direct, or minimal, where it is allowed, beside direct")
        ->check(CLI::IsMember({"direct", "minimal"}));
    app.add_option("--threads", settings.threads, "Threads of ours and of oneDNN's")
        ->check(CLI::Range(1, 1024));
    app.add_option("--rounds", settings.rounds, "Turns that each takes")->check(CLI::Range(1, 10000));
    CLI11_PARSE(app, argc, argv);
    try {
        conv1d::bench::run(settings);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "forward_cost: %s\n", error.what());
        return 1;
    }
    return 0;
}
