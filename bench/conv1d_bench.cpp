// Speed of every schedule that applies to the layers of shapes.csv, in both memory orders, against this
// machine's peaks. Names read conv/<layer>/<order>/<schedule>/<target>/threads:<n>, so that
// --benchmark_filter selects any axis.
#include "bench/layer_run.h"
#include "bench/report.h"
#include "bench/roofline.h"
#include "bench/shapes.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <memory>

namespace conv1d::bench {
namespace {

struct Settings {
    std::string shapes = CONV1D_SHAPES_FILE;
    std::string target;
    int threads = 1;
    bool short_run = false;
    std::vector<std::string> for_google_benchmark;
};

/// One layer each: few terms, dilated, transposed, depthwise, pointwise.
constexpr const char *short_filter = "/(whisper_conv1|wavenet_dil|hifigan_up1|quartznet_dw|pointwise)/";

void time_kernel(benchmark::State &state, const Kernel &kernel, const Problem &problem, int threads,
                 Roofline &roofline) {
    LayerRun run(kernel, problem, threads);
    if (const std::string wrong = run.verify(); !wrong.empty())
        return state.SkipWithError(wrong.c_str());
    roofline.sample();
    for (auto _ : state) {
        if (run.run() != Status::ok)
            return state.SkipWithError("failed after it had been verified");
        benchmark::ClobberMemory();
    }
    using benchmark::Counter;
    const auto per_second = [](double amount) { return Counter(amount, Counter::kIsIterationInvariantRate); };
    state.counters["GFLOP/s"] = per_second(1e-9 * problem.flops());
    state.counters["GB/s"] = per_second(1e-9 * problem.bytes());
    state.counters["fma_percent"] = per_second(100e-9 * problem.flops() / roofline.peak_gflops());
    state.counters["bandwidth_percent"] = per_second(100e-9 * problem.bytes() / roofline.bandwidth_gbs());
}

void register_layer(const Layer &layer, Target target, int threads, Roofline &roofline) {
    for (const MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt}) {
        Problem problem = layer.problem;
        problem.order = order;
        for (const Kernel &kernel : builtin_kernels()) {
            if (kernel.target != target || !applies(kernel, problem))
                continue;
            const std::string name =
                std::string(problem.operation == Operation::convolution ? "conv/" : "tconv/") + layer.name +
                (order == MemoryOrder::scb ? "/scb/" : "/cbt/") + kernel.schedule->name + "/" +
                to_string(target) + "/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(name.c_str(), time_kernel, std::cref(kernel), problem, threads,
                                         std::ref(roofline))
                ->UseRealTime();
        }
    }
}

/// Google Benchmark's own arguments, ours turned into them where the user gave no other.
void initialize_google_benchmark(const Settings &settings, const char *program) {
    std::vector<std::string> arguments{program, "--benchmark_min_time=0.1"};
    if (settings.short_run)
        arguments.push_back(std::string("--benchmark_filter=") + short_filter);
    arguments.insert(arguments.end(), settings.for_google_benchmark.begin(),
                     settings.for_google_benchmark.end());
    std::vector<char *> pointers;
    for (std::string &argument : arguments)
        pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    if (count > 1)
        throw std::invalid_argument("argument '" + std::string(pointers[1]) + "' is unknown; see --help");
}

void run(const Settings &settings, const char *program) {
    const std::vector<Layer> layers = read_shapes(settings.shapes);
    initialize_google_benchmark(settings, program);
    const Target target =
        settings.target.empty() ? best_target(builtin_kernels()) : parse_target(settings.target);
    if (!is_supported(target)) {
        throw std::invalid_argument("--target is " + settings.target +
                                    "; expected one that this processor supports");
    }
    Roofline roofline(target, settings.threads);
    for (const Layer &layer : layers)
        register_layer(layer, target, settings.threads, roofline);
    std::printf("%s, %d thread%s\n", to_string(target), settings.threads, settings.threads == 1 ? "" : "s");
    Report report(roofline);
    benchmark::RunSpecifiedBenchmarks(&report);
}

} // namespace
} // namespace conv1d::bench

int main(int argc, char **argv) {
    conv1d::bench::Settings settings;
    CLI::App app("Times every schedule on real layers. Google Benchmark's own flags are taken too, such as "
                 "--benchmark_filter=REGEX and --benchmark_out=FILE.json.");
    app.allow_extras();
    app.add_option("--shapes", settings.shapes, "CSV file of layers");
    app.add_option("--target", settings.target,
                   "Instruction set, e.g. x86-64-avx2; default: the best there is");
    app.add_option("--threads", settings.threads, "Threads of a layer")->check(CLI::Range(1, 1024));
    app.add_flag("--short", settings.short_run, "Five layers instead of all");
    CLI11_PARSE(app, argc, argv);
    settings.for_google_benchmark = app.remaining();
    try {
        conv1d::bench::run(settings, argv[0]);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "conv1d_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
