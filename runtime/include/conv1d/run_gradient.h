#pragma once

#include "conv1d/run_kernel.h"
#include "conv1d/visibility.h"

namespace CONV1D_HIDDEN conv1d {

/// The convolution whose weights' gradient is that of a transposed one: its input is the gradient of the
/// transposed convolution's output, and the gradient of its output is the transposed one's input. Output
/// samples that no input reaches are left out, so `length` may be 0 or less, which means that there is
/// nothing to compute.
Problem exchanged(const Problem &transposed) noexcept;

/// Runs a kernel of GradientStep::weights: weights_gradient = [weights_gradient +] the gradient of a
/// convolution with respect to its weights, from its input and the gradient of its output. Neither allocates
/// nor throws.
///
/// \param p                 a convolution, without activations
/// \param weights_gradient  [filters][channels/groups][row], of each row p.taps
/// \param row               at least p.taps
/// \return as run_kernel()
template <class T>
Status run_weights_gradient(const GradientKernel &kernel, const Problem &p, Signal<const T> input,
                            Signal<const T> gradient, T *weights_gradient, std::int64_t row, bool accumulate,
                            Workspace &workspace) noexcept;

/// Runs a kernel of GradientStep::bias: bias_gradient = [bias_gradient +] the sums of the gradient of the
/// output of `p`, either operation, over positions and observations.
///
/// \param bias_gradient  [filters]
/// \return as run_kernel()
template <class T>
Status run_bias_gradient(const GradientKernel &kernel, const Problem &p, Signal<const T> gradient,
                         T *bias_gradient, bool accumulate, Workspace &workspace) noexcept;

/// An activation, and the sizes of what it is applied to.
struct Elementwise {
    Activation activation;
    double slope;
    std::int64_t length, channels, batch;
};

/// Runs a kernel of the elementwise steps, element by element; the output may be the input or the gradient.
/// \param gradient    not read, and may be none, for GradientStep::activation
/// \param accumulate  for GradientStep::activation_gradient
template <class T>
Status run_elementwise(const GradientKernel &kernel, const Elementwise &e, Signal<const T> input,
                       Signal<const T> gradient, Signal<T> output, bool accumulate,
                       Workspace &workspace) noexcept;

} // namespace conv1d
