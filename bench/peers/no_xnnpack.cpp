// Where there is no XNNPACK.
#include "bench/peers/xnnpack_forward.h"

namespace conv1d::bench {

bool has_xnnpack() {
    return false;
}

std::unique_ptr<ForwardPeer> xnnpack_forward(const Problem &, const ForwardArrays &, int) {
    return nullptr;
}

} // namespace conv1d::bench
