#pragma once

#include <algorithm>

/// Rows of a copied tile (InputCopy::rows): the samples that one tap sees for neighbouring positions are
/// neighbours in a row, whatever the stride and the dilation:
///
///   row q:  padded(place*stride + (q*dilation) % stride);  tap k begins in row k % stride at place
///                                                          (k*dilation) / stride
///
/// with no more rows than taps. They are taken from a piece of the padded signal that is copied first. For
/// integers as for Halide's expressions of them.
namespace conv1d::schedules {

template <class N>
N row_count(const N &taps, const N &stride) {
    using std::min;
    return min(taps, stride);
}

/// Places that the taps reach beyond the last position.
template <class N>
N rows_reach(const N &taps, const N &stride, const N &dilation) {
    return (taps - 1) * dilation / stride;
}

} // namespace conv1d::schedules
