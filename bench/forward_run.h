#pragma once

#include "bench/peers/forward_peer.h"
#include "conv1d/layers.h"
#include "conv1d/problem.h"

#include <memory>
#include <string>
#include <vector>

namespace conv1d::bench {

/// A layer that is ready to run on a problem: random parameters and input, packed, in a workspace of its own.
/// Memory order cbt is channels-last here, whatever the batch.
class ForwardRun {
public:
    /// \param schedule  forced, unless empty
    /// \throws std::invalid_argument  if the problem has an activation or a residual, which are no
    /// convolution
    ForwardRun(const Problem &problem, int threads, const std::string &schedule = {});

    Status run() noexcept { return layer_->forward(input_, output_, workspace_); }
    /// Runs once, and holds some hundreds of outputs against the definition. \throws std::runtime_error
    void verify();
    /// How far another's output may be from this one, every element of it: two sums that are added up in any
    /// order differ by the error bound of each. Runs the layer on absolute values.
    std::vector<float> tolerances() const;
    /// Holds another's output against this one's by that. \return what differs; empty when nothing does
    std::string difference(const std::vector<float> &output) const;

    const Problem &problem() const { return problem_; }
    const Kernel &kernel() const { return layer_->kernel_for(input_, output_); }
    ForwardArrays arrays() const { return {input_.data(), layer_->weights().data(), layer_->bias().data()}; }
    const Tensor &input() const { return input_; }
    const Tensor &output() const { return output_; }

private:
    Problem problem_;
    std::unique_ptr<conv1d::Layer> layer_;
    Tensor input_, output_;
    Workspace workspace_;
};

} // namespace conv1d::bench
