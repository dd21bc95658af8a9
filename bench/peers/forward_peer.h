#pragma once

#include "conv1d/problem.h"

#include <string>
#include <vector>

namespace conv1d::bench {

/// Somebody else's forward pass of a layer, with arrays of its own: input dense in the problem's memory
/// order, cbt read as channels-last; weights in the order of the layers' weights(), brought into its own
/// beforehand.
class ForwardPeer {
public:
    virtual ~ForwardPeer() = default;
    virtual void run() = 0;
    /// The output of the last run, in the problem's memory order.
    virtual std::vector<float> output_values() = 0;
    /// What it calls its kernel, e.g. "jit:avx512_core"; empty if it does not say.
    virtual std::string implementation() const { return {}; }
};

/// A layer's arrays, as peers take them.
struct ForwardArrays {
    const float *input, *weights, *bias;
};

/// Whether the problem is what all peers know: float32, zeros as padding, no activation, no residual.
inline bool is_plain_convolution(const Problem &p) noexcept {
    return p.padding_mode == PaddingMode::constant && p.padding_value == 0 &&
           p.activation == Activation::none && p.input_activation == Activation::none && !p.residual &&
           p.element == ElementType::float32;
}

} // namespace conv1d::bench
