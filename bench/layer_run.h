#pragma once

#include "conv1d/run_kernel.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// One kernel on one problem, with its arrays, ready to be run again and again.
class LayerRun {
public:
    LayerRun(const Kernel &kernel, const Problem &problem, int threads);

    Status run() noexcept;

    /// Runs once and holds a few hundred outputs against the definition: both ends of the signal, the edges
    /// of tiles, every batch, first and last filters, and others at random. Empty, or what is wrong.
    std::string verify();

private:
    std::string verify_at(std::int64_t position, std::int64_t filter, std::int64_t batch) const;

    const Kernel &kernel_;
    Problem problem_;
    Strides input_strides_;
    Strides output_strides_;
    std::vector<float> input_, weights_, bias_, output_;
    PackedParameters packed_;
    Workspace workspace_;
};

} // namespace conv1d::bench
