#pragma once

#include "bench/cases.h"
#include "bench/roofline.h"

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace conv1d::bench {

/// Runs as they end, and their percentages of ceilings that are known only when all have ended.
class Results {
public:
    Results(const std::vector<Case> &cases, const Roofline &roofline);

    const Roofline &roofline() const { return roofline_; }
    const Case &of(const benchmark::BenchmarkReporter::Run &run) const;
    /// Sets the counters fma_percent and bandwidth_percent.
    void add_percentages(benchmark::BenchmarkReporter::Run &run) const;

private:
    std::map<std::string, const Case *> cases_; ///< by name
    const Roofline &roofline_;
};

/// Prints a line of progress to stderr as each benchmark ends, and in the end a table to stdout: of a
/// benchmark's repetitions the fastest.
class Table final : public benchmark::BenchmarkReporter {
public:
    explicit Table(const Results &results) : results_(results) {}

    bool ReportContext(const Context &context) override;
    void ReportRuns(const std::vector<Run> &runs) override;
    void Finalize() override;

private:
    void print_row(const Run &run) const;

    const Results &results_;
    std::vector<Run> runs_;
};

/// Google Benchmark's JSON, with the percentages, written when all have ended.
class JsonFile final : public benchmark::JSONReporter {
public:
    explicit JsonFile(const Results &results) : results_(results) {}

    void ReportRuns(const std::vector<Run> &runs) override;
    void Finalize() override;

private:
    const Results &results_;
    std::vector<Run> runs_;
};

} // namespace conv1d::bench
