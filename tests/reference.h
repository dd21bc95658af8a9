#pragma once

#include "conv1d/run_kernel.h"

#include <cstdint>
#include <vector>

namespace conv1d::testing {

struct Value {
    double value; ///< exact, up to the rounding of double (of long double for float64 layers)
    double error; ///< how far a right result may be from it: see tolerance.h
};

/// A layer's arrays, float or double. Weights: convolution [filters][channels/groups][taps], transposed
/// [channels][filters/groups][taps]; bias [filters], or null; residual none unless the problem has one.
template <class T>
struct Arrays {
    Signal<const T> input;
    const T *weights;
    const T *bias;
    Signal<const T> residual;
};

/// One output of the definition (semantics: sections 1 and 9), in loops and in higher precision.
template <class T>
Value reference_at(const Problem &problem, const Arrays<T> &arrays, std::int64_t position,
                   std::int64_t filter, std::int64_t batch);

/// All outputs, positions innermost, observations outermost.
template <class T>
std::vector<Value> reference_outputs(const Problem &problem, const Arrays<T> &arrays);

} // namespace conv1d::testing
