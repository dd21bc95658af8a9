// What each padding value costs: its time over that of zero padding, on long and short signals, in one
// interleaved run.
#include "bench/interleaved.h"
#include "bench/layer_run.h"

#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

namespace conv1d::bench {
namespace {

struct Signal {
    const char *name;
    const char *problem;
};

constexpr Signal signals[] = {
    {"long: MelGAN residual, 25600 samples, 9+9", "conv_c128_l25600_f128_k3_d9_p9x9"},
    {"long: EnCodec last, 24000 samples, 6+0", "conv_c32_l24000_f1_k7_p6x0"},
    {"short: Silero STFT, 576 samples, 0+64", "conv_l576_f258_k256_s128_p0x64"},
    {"short: 128 samples, 2+2", "conv_c64_l128_f64_k5_p2x2"},
    {"short: 100 samples, 5+5", "conv_c12_l100_f96_k11_p5x5"},
};

struct Padding {
    const char *name;
    PaddingMode mode;
    float value;
};

constexpr std::array<Padding, 6> paddings{{{"0", PaddingMode::constant, 0},
                                           {"0.5", PaddingMode::constant, 0.5f},
                                           {"replicate", PaddingMode::replicate, 0},
                                           {"include-edge", PaddingMode::symmetric_include_edge, 0},
                                           {"exclude-edge", PaddingMode::symmetric_exclude_edge, 0},
                                           {"circular", PaddingMode::circular, 0}}};

constexpr int rounds = 60;

/// The least time of each padding, all taking turns in every round.
std::vector<double> least_of_paddings(const Problem &problem, const Kernel &kernel) {
    std::vector<std::unique_ptr<LayerRun>> runs;
    std::vector<std::function<void()>> work;
    for (const Padding &padding : paddings) {
        Problem p = problem;
        p.padding_mode = padding.mode;
        p.padding_value = padding.value;
        LayerRun &run = *runs.emplace_back(std::make_unique<LayerRun>(kernel, p, 1));
        if (const std::string wrong = run.verify(); !wrong.empty())
            throw std::runtime_error(std::string(padding.name) + ": " + wrong);
        work.push_back([&run] {
            if (run.run() != Status::ok)
                throw std::runtime_error("a kernel failed after it had been verified");
        });
    }
    return least_seconds(work, rounds, problem.flops() > 1e8 ? 1 : 20);
}

void print_row(const Signal &signal, MemoryOrder order) {
    Problem problem = parse_problem(signal.problem);
    problem.order = order;
    const Kernel *kernel = find_kernel(builtin_kernels(), problem, best_target(builtin_kernels()));
    const std::vector<double> least = least_of_paddings(problem, *kernel);
    std::printf("%-44s %s  %-22s %9.4f", signal.name, order == MemoryOrder::scb ? "scb" : "cbt",
                kernel->schedule->name, 1e3 * least[0]);
    for (std::size_t i = 1; i < least.size(); i++)
        std::printf(" %12.3f", least[i] / least[0]);
    std::printf("\n");
    std::fflush(stdout);
}

void run() {
    std::printf("%-44s %-3s  %-22s %9s", "", "", "schedule", "ms with 0");
    for (std::size_t i = 1; i < paddings.size(); i++)
        std::printf(" %12s", paddings[i].name);
    std::printf("\n");
    for (const Signal &signal : signals) {
        for (const MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt})
            print_row(signal, order);
    }
    std::printf("Times over that of zero padding: least of %d interleaved rounds each, one thread, %s, "
                "verified before.\n",
                rounds, to_string(best_target(builtin_kernels())));
}

} // namespace
} // namespace conv1d::bench

int main() {
    try {
        conv1d::bench::run();
    } catch (const std::exception &error) {
        std::fprintf(stderr, "padding_cost: %s\n", error.what());
        return 1;
    }
    return 0;
}
