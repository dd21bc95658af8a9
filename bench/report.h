#pragma once

#include "bench/roofline.h"

#include <benchmark/benchmark.h>

namespace conv1d::bench {

/// Prints a row a benchmark as it ends, and in the end the ceilings that the percentages are of.
class Report final : public benchmark::BenchmarkReporter {
public:
    explicit Report(const Roofline &roofline) : roofline_(roofline) {}

    bool ReportContext(const Context &context) override;
    void ReportRuns(const std::vector<Run> &runs) override;
    void Finalize() override;

private:
    const Roofline &roofline_;
    int rows_ = 0;
    int skipped_ = 0;
};

} // namespace conv1d::bench
