// Where there is no oneDNN.
#include "bench/peers/onednn_backward.h"
#include "bench/peers/onednn_forward.h"

namespace conv1d::bench {

std::string onednn_version() {
    return {};
}

std::string to_string(Posing) {
    return {};
}

std::unique_ptr<ForwardPeer> onednn_forward(const Problem &, Posing, const ForwardArrays &, int) {
    return nullptr;
}

std::unique_ptr<OneDnnBackward> onednn_backward(const Problem &, Posing, const float *, const float *,
                                                const float *) {
    return nullptr;
}

} // namespace conv1d::bench
