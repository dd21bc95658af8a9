#include "bench/report.h"

#include <cstdio>
#include <sstream>

namespace conv1d::bench {
namespace {

struct Name {
    std::string layer, order, schedule;
};

/// Takes "conv/<layer>/<order>/<folder>/<schedule>/..." apart.
Name parts_of(const std::string &name) {
    std::istringstream text(name);
    std::string operation, folder, schedule;
    Name parts;
    std::getline(text, operation, '/');
    std::getline(text, parts.layer, '/');
    std::getline(text, parts.order, '/');
    std::getline(text, folder, '/');
    std::getline(text, schedule, '/');
    parts.schedule = folder + "/" + schedule;
    return parts;
}

double counter(const benchmark::BenchmarkReporter::Run &run, const char *name) {
    const auto found = run.counters.find(name);
    return found == run.counters.end() ? 0 : found->second.value;
}

} // namespace

bool Report::ReportContext(const Context &) {
    std::printf("%-28s %-3s  %-22s %10s %9s %7s %8s %7s\n", "layer", "", "schedule", "ms", "GFLOP/s",
                "% peak", "GB/s", "% bandw");
    return true;
}

void Report::ReportRuns(const std::vector<Run> &runs) {
    for (const Run &run : runs) {
        const Name name = parts_of(run.benchmark_name());
        std::printf("%-28s %-3s  %-22s ", name.layer.c_str(), name.order.c_str(), name.schedule.c_str());
        if (run.error_occurred) {
            skipped_++;
            std::printf("skipped: %s\n", run.error_message.c_str());
            continue;
        }
        rows_++;
        std::printf("%10.4f %9.1f %7.1f %8.2f %7.1f\n",
                    1e3 * run.real_accumulated_time / static_cast<double>(run.iterations),
                    counter(run, "GFLOP/s"), counter(run, "fma_percent"), counter(run, "GB/s"),
                    counter(run, "bandwidth_percent"));
    }
    std::fflush(stdout);
}

void Report::Finalize() {
    std::printf("%d timed, each held against the definition first; %d skipped\n", rows_, skipped_);
    std::printf("FMA peak %.1f GFLOP/s, bandwidth %.1f GB/s: the best of %d samples in this run\n",
                roofline_.peak_gflops(), roofline_.bandwidth_gbs(), roofline_.samples());
}

} // namespace conv1d::bench
