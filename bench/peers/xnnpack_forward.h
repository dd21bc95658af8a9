#pragma once

#include "bench/peers/forward_peer.h"

#include <memory>

namespace conv1d::bench {

/// Whether this program was built with XNNPACK.
bool has_xnnpack();

/// XNNPACK's operator, posed as one of two dimensions, of height 1.
/// \param problem  is_plain_convolution()
/// \return null if XNNPACK does not compute it: in memory order scb, and where there is no XNNPACK
std::unique_ptr<ForwardPeer> xnnpack_forward(const Problem &problem, const ForwardArrays &arrays,
                                             int threads);

} // namespace conv1d::bench
