// Speed of every schedule that applies to the layers of shapes.csv, and of oneDNN, in both memory orders,
// against this machine's peaks. Names read conv/<layer>/<order>/<target>/<schedule>/threads:<n>, oneDNN's
// conv/<layer>/<order>/onednn/2d-plain/threads:<n>, so that --benchmark_filter selects any axis.
#include "bench/cases.h"
#include "bench/forward_run.h"
#include "bench/layer_run.h"
#include "bench/report.h"
#include "bench/roofline.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>

namespace conv1d::bench {
namespace {

struct Settings {
    std::string shapes = CONV1D_SHAPES_FILE;
    std::string target;
    bool all_targets = false;
    int threads = 1;
    bool short_run = false;
    std::vector<std::string> for_google_benchmark;
};

/// One layer each: few terms, dilated, transposed, depthwise, pointwise.
constexpr const char *short_filter = "/(whisper_conv1|wavenet_dil|hifigan_up1|quartznet_dw|pointwise)/";

/// Times cases as Google Benchmark asks for them, which is several times each, to find how often to iterate.
class Timer {
public:
    explicit Timer(Roofline &roofline) : roofline_(roofline) {}

    void time(benchmark::State &state, const Case &c) {
        load(c);
        if (!wrong_.empty())
            return refuse(state, c, wrong_);
        for (auto _ : state) {
            if (!run_())
                return refuse(state, c, "failed after it had been verified");
            benchmark::ClobberMemory();
        }
        sample_ceilings(c.target());
        using benchmark::Counter;
        state.counters["GFLOP/s"] = Counter(1e-9 * c.problem.flops(), Counter::kIsIterationInvariantRate);
        state.counters["GB/s"] = Counter(1e-9 * c.problem.bytes(), Counter::kIsIterationInvariantRate);
    }

    const std::string &first_wrong() const { return first_wrong_; }

private:
    void refuse(benchmark::State &state, const Case &c, const std::string &wrong) {
        if (first_wrong_.empty())
            first_wrong_ = c.name + ": " + wrong;
        state.SkipWithError(wrong.c_str());
    }

    /// Makes and verifies the case's run unless it is the one at hand.
    void load(const Case &c) {
        if (at_hand_ == &c)
            return;
        at_hand_ = &c;
        run_ = nullptr;
        if (c.kernel)
            load_kernel(c);
        else
            load_onednn(c);
        sample_ceilings(c.target());
    }

    void load_kernel(const Case &c) {
        const auto run = std::make_shared<LayerRun>(*c.kernel, c.problem, c.threads);
        wrong_ = run->verify();
        run_ = [run] { return run->run() == Status::ok; };
    }

    /// Its output is held against ours, and ours against the definition.
    void load_onednn(const Case &c) {
        ForwardRun ours(c.problem, c.threads);
        ours.verify();
        const std::shared_ptr<ForwardPeer> onednn =
            onednn_forward(c.problem, c.posing, ours.arrays(), c.threads);
        run_ = [onednn] { return onednn->run(), true; };
        wrong_ = "oneDNN does not compute it";
        if (onednn) {
            run_();
            wrong_ = ours.difference(onednn->output_values());
        }
    }

    /// Twice a second at most: each sample takes some tens of milliseconds, and the caches.
    void sample_ceilings(Target target) {
        const auto now = std::chrono::steady_clock::now();
        const bool recent = now - last_sample_ < std::chrono::milliseconds(500);
        if (recent && roofline_.peak_gflops(target) > 0)
            return;
        roofline_.sample(target);
        last_sample_ = now;
    }

    Roofline &roofline_;
    std::chrono::steady_clock::time_point last_sample_;
    const Case *at_hand_ = nullptr;
    std::function<bool()> run_; ///< false if it fails
    std::string wrong_;         ///< with the run at hand; empty when nothing is
    std::string first_wrong_;
};

std::vector<Target> targets_of(const Settings &settings) {
    if (settings.all_targets) {
        std::vector<Target> targets;
        for (const Kernel &kernel : builtin_kernels()) {
            if (is_supported(kernel.target) && std::ranges::find(targets, kernel.target) == targets.end())
                targets.push_back(kernel.target);
        }
        return targets;
    }
    const Target target =
        settings.target.empty() ? best_target(builtin_kernels()) : parse_target(settings.target);
    if (!is_supported(target) || is_gpu(target)) {
        throw std::invalid_argument("--target is " + settings.target +
                                    "; expected an instruction set that this processor supports");
    }
    return {target};
}

bool gives(const Settings &settings, std::string_view flag) {
    return std::ranges::any_of(settings.for_google_benchmark,
                               [&](const std::string &argument) { return argument.starts_with(flag); });
}

/// Google Benchmark's own arguments, ours turned into them where the user gave no other.
void initialize_google_benchmark(const Settings &settings, const char *program) {
    for (const char *flag : {"--benchmark_format", "--benchmark_out_format"}) {
        if (gives(settings, flag))
            throw std::invalid_argument(std::string(flag) +
                                        " cannot be chosen; expected --benchmark_out=FILE, which is JSON");
    }
    std::vector<std::string> arguments{program, "--benchmark_min_time=0.1"};
    if (settings.short_run) { // the fastest of three, as the load of other programs comes and goes
        arguments.push_back(std::string("--benchmark_filter=") + short_filter);
        arguments.insert(arguments.end(), {"--benchmark_min_time=0.03", "--benchmark_repetitions=3",
                                           "--benchmark_enable_random_interleaving=true"});
    }
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
    const std::vector<Target> targets = targets_of(settings);
    initialize_google_benchmark(settings, program);
    const std::vector<Case> cases = make_cases(layers, targets, settings.threads);
    Roofline roofline(settings.threads);
    Timer timer(roofline);
    for (const Case &c : cases) {
        benchmark::RegisterBenchmark(c.name.c_str(), [&](benchmark::State &state) {
            timer.time(state, c);
        })->UseRealTime();
    }
    const Results results(cases, roofline);
    Table table(results);
    JsonFile json(results);
    const std::size_t matched =
        benchmark::RunSpecifiedBenchmarks(&table, gives(settings, "--benchmark_out=") ? &json : nullptr);
    if (matched == 0)
        throw std::invalid_argument(
            "--benchmark_filter selects no benchmark; --benchmark_list_tests shows all");
    if (!timer.first_wrong().empty())
        throw std::runtime_error("not as the definition says: " + timer.first_wrong());
}

} // namespace
} // namespace conv1d::bench

int main(int argc, char **argv) {
    conv1d::bench::Settings settings;
    CLI::App app("Times every schedule, and oneDNN, on real layers. Google Benchmark's own flags are taken "
                 "too, such as "
                 "--benchmark_filter=REGEX and --benchmark_out=FILE.json.");
    app.allow_extras();
    app.add_option("--shapes", settings.shapes, "CSV file of layers");
    CLI::Option *target = app.add_option("--target", settings.target,
                                         "Instruction set, e.g. x86-64-avx2; default: the best there is");
    app.add_flag("--all-targets", settings.all_targets, "Every instruction set that this processor has")
        ->excludes(target);
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
