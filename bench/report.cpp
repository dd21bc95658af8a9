#include "bench/report.h"

#include "bench/machine.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace conv1d::bench {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

double counter(const Run &run, const char *name) {
    const auto found = run.counters.find(name);
    return found == run.counters.end() ? 0 : found->second.value;
}

double milliseconds(const Run &run) {
    return 1e3 * run.real_accumulated_time / static_cast<double>(run.iterations);
}

std::string today() {
    char text[16];
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    return text;
}

} // namespace

Results::Results(const std::vector<Case> &cases, const Roofline &roofline) : roofline_(roofline) {
    for (const Case &c : cases)
        cases_[c.name] = &c;
}

const Case &Results::of(const Run &run) const {
    return *cases_.at(run.run_name.function_name);
}

void Results::add_percentages(Run &run) const {
    if (run.error_occurred || run.aggregate_name == "cv") // which is a ratio already
        return;
    run.counters["fma_percent"] = 100 * counter(run, "GFLOP/s") / roofline_.peak_gflops(of(run).target());
    run.counters["bandwidth_percent"] = 100 * counter(run, "GB/s") / roofline_.bandwidth_gbs();
}

bool Table::ReportContext(const Context &context) {
    std::printf("%s, %s, %d processors at %.0f MHz", today().c_str(), processor().c_str(),
                context.cpu_info.num_cpus, context.cpu_info.cycles_per_second / 1e6);
    if (!context.cpu_info.load_avg.empty())
        std::printf(", load %.1f before", context.cpu_info.load_avg.front());
    std::printf("\n");
    return true;
}

void Table::ReportRuns(const std::vector<Run> &runs) {
    std::vector<Run> single;
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(single),
                 [](const Run &run) { return run.run_type == Run::RT_Iteration; });
    if (single.empty())
        return;
    runs_.push_back(*std::min_element(single.begin(), single.end(), [](const Run &a, const Run &b) {
        return milliseconds(a) < milliseconds(b);
    }));
    std::fprintf(stderr, "%4zu  %s\n", runs_.size(), runs_.back().run_name.function_name.c_str());
}

void Table::print_row(const Run &run) const {
    const Case &c = results_.of(run);
    const std::string schedule = c.schedule_name() + (c.chosen ? " *" : "");
    std::printf("%-26s %-3s  %-24s %-13s ", c.layer.c_str(), to_string(c.problem.order), schedule.c_str(),
                c.target_name().c_str());
    if (run.error_occurred) {
        std::printf("skipped: %s\n", run.error_message.c_str());
        return;
    }
    std::printf("%10.4f %8.1f %6.1f %8.2f %6.1f\n", milliseconds(run), counter(run, "GFLOP/s"),
                counter(run, "fma_percent"), counter(run, "GB/s"), counter(run, "bandwidth_percent"));
}

void Table::Finalize() {
    std::printf("%-26s %-3s  %-24s %-13s %10s %8s %6s %8s %6s\n", "layer", "", "schedule", "target", "ms",
                "GFLOP/s", "% peak", "GB/s", "% band");
    std::ranges::sort(runs_, {}, [this](const Run &run) { return &results_.of(run); });
    for (Run &run : runs_) {
        results_.add_percentages(run);
        print_row(run);
    }
    const auto skipped = static_cast<std::size_t>(
        std::count_if(runs_.begin(), runs_.end(), [](const Run &run) { return run.error_occurred; }));
    std::printf("%zu timed, each held against the definition first; %zu skipped\n", runs_.size() - skipped,
                skipped);
    std::printf("*: chosen when none is forced. ms: mean of the iterations, of repetitions the fastest. "
                "Bytes are those of input, weights "
                "and output once: above 100 %%, they stayed in a cache.\n");
    const Roofline &roofline = results_.roofline();
    for (int t = 0; t < target_count; t++) {
        if (const Target target{t}; roofline.peak_gflops(target) > 0)
            std::printf("FMA peak of %s: %.1f GFLOP/s\n", to_string(target), roofline.peak_gflops(target));
    }
    std::printf("Bandwidth: %.1f GB/s. Both are the best of %d samples in this run.\n",
                roofline.bandwidth_gbs(), roofline.samples());
}

void JsonFile::ReportRuns(const std::vector<Run> &runs) {
    runs_.insert(runs_.end(), runs.begin(), runs.end());
}

void JsonFile::Finalize() {
    for (Run &run : runs_)
        results_.add_percentages(run);
    JSONReporter::ReportRuns(runs_);
    JSONReporter::Finalize();
}

} // namespace conv1d::bench
