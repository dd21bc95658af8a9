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

    /// Runs once, and holds the result against the definition as verify_samples() does. \return what is
    /// wrong; empty when nothing is
    std::string verify();

private:
    Signal<const float> residual() const noexcept {
        return {residual_.empty() ? nullptr : residual_.data(), output_strides_};
    }

    const Kernel &kernel_;
    Problem problem_;
    Strides input_strides_;
    Strides output_strides_;
    std::vector<float> input_, weights_, bias_, residual_, output_;
    PackedParameters<float> packed_;
    Workspace workspace_;
};

} // namespace conv1d::bench
