#include "conv1d/layers.h"

/// Bit 0: a layer of model_kernels is specialised; bit 1: one of more_kernels; the rest: linked libraries.
extern "C" int tiers_of_layers() {
    using namespace conv1d;
    const Convolution1DLayer conv(3, 16, {padding(1), activation("relu")}), causal(5, 4, {padding("causal")});
    const bool first = tier_of(conv.kernel_for("SCB", {100, 8, 2})) == Tier::specialised;
    const bool second = tier_of(causal.kernel_for("SCB", {70, 4, 1})) == Tier::specialised;
    return (first ? 1 : 0) + (second ? 2 : 0) + 4 * static_cast<int>(linked_kernels().count);
}
