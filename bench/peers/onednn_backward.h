#pragma once

#include "bench/peers/onednn.h"
#include "conv1d/problem.h"

#include <memory>
#include <vector>

namespace conv1d::bench {

/// oneDNN's backward pass of a layer on one thread: its primitives alone, with all memory in the layout that
/// each wants.
class OneDnnBackward {
public:
    virtual ~OneDnnBackward() = default;
    virtual void input_gradient() = 0;
    virtual void weights_gradient() = 0; ///< and the bias's
    /// The results, in the order of the layers' arrays.
    virtual std::vector<float> input_values() = 0;
    virtual std::vector<float> weights_values() = 0;
    virtual std::vector<float> bias_values() = 0;
};

/// \param posing  Layout::plain or own
/// \param input, output_gradient  dense, in the problem's memory order, scb or cbt read as nwc
/// \param weights  in the order of the layer's
/// \return null if oneDNN has no such primitive
std::unique_ptr<OneDnnBackward> onednn_backward(const Problem &p, Posing posing, const float *input,
                                                const float *weights, const float *output_gradient);

} // namespace conv1d::bench
