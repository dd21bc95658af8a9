#pragma once

#include "bench/peers/onednn.h"
#include "conv1d/problem.h"

#include <memory>
#include <string>
#include <vector>

namespace conv1d::bench {

/// oneDNN's forward pass of a layer, with arrays of its own.
class OneDnnForward {
public:
    virtual ~OneDnnForward() = default;
    virtual void run() = 0;
    /// The output in the problem's memory order.
    virtual std::vector<float> output_values() = 0;
    /// What it calls its kernel, e.g. "jit:avx512_core".
    virtual std::string implementation() const = 0;
};

/// \param input    dense, in the problem's memory order, scb, or cbt read as nwc; here and below, copied
/// \param weights  in the order of the layers' weights()
/// \param threads  of OpenMP, for the calling thread from now on
/// \return null if oneDNN has no such primitive, or if Layout::reordered is Layout::plain as its own layouts
/// are the plain ones
std::unique_ptr<OneDnnForward> onednn_forward(const Problem &p, Posing posing, const float *input,
                                              const float *weights, const float *bias, int threads);

/// Whether oneDNN knows what the problem does: zeros as padding, no activation, no residual.
bool onednn_computes(const Problem &p) noexcept;

} // namespace conv1d::bench
