#include "conv1d/display.h"
#include "conv1d/halide_buffer.h"
#include "conv1d/layers.h"
#include "conv1d/parameters_file.h"
#include "conv1d/solver.h"

#include <cstdio>

int main() {
    using namespace conv1d;
    Convolution1DLayer smooth(3, 1, {padding("same"), weights({0.25f, 0.5f, 0.25f}), name("smooth")});
    Tensor x("SCB", {8, 1, 1});
    x.data()[3] = 4;
    const Halide::Runtime::Buffer<float> buffer = as_halide_buffer(x);
    const Tensor y = smooth.forward(x);
    save_parameters("smooth.safetensors", {&smooth});
    for (int i = 0; i < 8; ++i)
        std::printf("%g ", y.data()[i]);
    std::printf("%s %d\n", to_string(tier_of(smooth.kernel_for("SCB", {8, 1, 1}))), buffer.dim(0).extent());
}
