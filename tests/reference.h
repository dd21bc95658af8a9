#pragma once

#include "conv1d/run_kernel.h"

#include <cstdint>

namespace conv1d::testing {

struct Value {
    double value;     ///< the exact sum, up to double rounding
    double magnitude; ///< |bias| + sum of |weight * sample|: what rounding errors are proportional to
};

/// One output of the definition (semantics: sections 1 and 9), in loops and in double precision, zero
/// padding.
///
/// \param weights  convolution [filters][channels/groups][taps], transposed [channels][filters/groups][taps]
/// \param bias     [filters], or null
Value reference_at(const Problem &problem, const float *input, Strides strides, const float *weights,
                   const float *bias, std::int64_t position, std::int64_t filter, std::int64_t batch);

} // namespace conv1d::testing
