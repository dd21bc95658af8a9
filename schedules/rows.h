#pragma once

/// Rows of a copied tile (InputCopy::rows): the samples that one tap sees for neighbouring positions are
/// neighbours in a row, whatever the stride and the dilation. Two ways to share them out,
///
///   by phase  row q < stride:  padded(place*stride + q);             tap k begins in row (k*dilation) %
///   stride at
///                                                                    place (k*dilation) / stride
///   by tap    row k < taps:    padded(place*stride + k*dilation);    tap k begins in row k at place 0
///
/// the first unless the second copies fewer samples: taps far apart, or very few and a large stride. Each row
/// is taken from a piece of the padded signal that is copied first: once by phase, for each tap by tap. For
/// integers as for Halide's expressions of them.
namespace conv1d::schedules {

/// \param positions  output positions of one copy
template <class N>
auto rows_are_taps(const N &taps, const N &stride, const N &dilation, int positions) {
    return taps * (1 + stride) * positions < 2 * (stride * positions + (taps - 1) * dilation);
}

/// Places that the taps reach beyond the last position, by phase.
template <class N>
N rows_reach(const N &taps, const N &stride, const N &dilation) {
    return (taps - 1) * dilation / stride;
}

} // namespace conv1d::schedules
