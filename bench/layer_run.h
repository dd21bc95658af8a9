#pragma once

#include "conv1d/run_kernel.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// What came of holding a kernel against the definition.
struct Verdict {
    enum Kind { right, unsupported, wrong } kind;
    std::string reason; ///< empty when right
};

/// One kernel on one problem, with its arrays, ready to be run again and again.
class LayerRun {
public:
    LayerRun(const Kernel &kernel, const Problem &problem, int threads);

    Status run() noexcept;

    /// Runs once, sees that every output was written, and holds some hundreds of them against the definition:
    /// both ends of the signal, the filters of an incomplete last block, every batch, and others at random.
    Verdict verify();

private:
    std::string verify_at(std::int64_t position, std::int64_t filter, std::int64_t batch) const;
    std::string verify_samples() const;

    const Kernel &kernel_;
    Problem problem_;
    Strides input_strides_;
    Strides output_strides_;
    std::vector<float> input_, weights_, bias_, output_;
    PackedParameters<float> packed_;
    Workspace workspace_;
};

} // namespace conv1d::bench
