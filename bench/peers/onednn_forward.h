#pragma once

#include "bench/peers/forward_peer.h"
#include "bench/peers/onednn.h"

#include <memory>

namespace conv1d::bench {

/// \param problem  is_plain_convolution()
/// \param threads  of OpenMP, for the calling thread from now on
/// \return null if oneDNN has no such primitive, if there is no oneDNN, or if Layout::reordered is
/// Layout::plain as its own layouts are the plain ones
std::unique_ptr<ForwardPeer> onednn_forward(const Problem &problem, Posing posing,
                                            const ForwardArrays &arrays, int threads);

} // namespace conv1d::bench
