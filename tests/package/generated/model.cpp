// Says of three layers which kernels they use, and whether the results are those of the built-in kernels.
#include "conv1d/layers.h"

#include "model_kernels.h"

#include <algorithm>
#include <cstdio>

namespace {

using namespace conv1d;

template <class Layer>
void show(const char *name, Layer &layer, const Sizes &sizes) {
    Tensor x("SCB", sizes);
    for (std::int64_t i = 0; i < x.elements(); i++)
        x.data()[i] = static_cast<float>(i % 11 - 5) / 4;
    const Kernel &kernel = layer.kernel_for("SCB", sizes);
    const Tensor y = layer.forward(x);
    layer.force_tier(Tier::built_in);
    const Tensor expected = layer.forward(x);
    const bool same = std::equal(y.data(), y.data() + y.elements(), expected.data());
    std::printf("%s: %s, %s bits\n", name, to_string(tier_of(kernel)), same ? "the same" : "OTHER");
}

} // namespace

int main() {
    std::printf("%zu libraries, %s\n", linked_kernels().count,
                model_kernels().count > 0 ? "a table" : "no table");
    Convolution1DLayer conv(3, 16, {padding(1), activation("relu")});
    show("convolution", conv, {100, 8, 2});
    TransposedConvolution1DLayer up(4, 4, {stride(2), cropping(1)});
    show("upsampling", up, {50, 16, 1});
    Convolution1DLayer causal(5, 4, {padding("causal")});
    show("causal", causal, {70, 4, 1});
    Convolution1DLayer other(3, 16, {padding(1)});
    show("other", other, {100, 8, 2});
}
