#pragma once

#include <string>

namespace conv1d::bench {

/// "oneDNN 2.6.3", or empty if this program was built without it.
std::string onednn_version();

/// How oneDNN is asked for a layer. Weights always have the primitive's own layout, and are brought into it
/// beforehand. Activations of a layer of one dimension are posed as such, or as of two, of height 1: some of
/// its kernels know only those.
struct Posing {
    enum class Layout {
        plain,     ///< activations in the problem's memory order
        own,       ///< in the layouts that the primitive wants
        reordered, ///< plain outside, its own inside: each run reorders the input, and the output back
    };
    bool two_dimensional = false;
    Layout layout = Layout::plain;
};

/// "1d-plain", "2d-own", "1d-reordered" and the like.
std::string to_string(Posing posing);

} // namespace conv1d::bench
