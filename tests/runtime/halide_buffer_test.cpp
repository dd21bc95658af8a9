// Tensors and Halide::Runtime::Buffer over the same memory.
#include "conv1d/halide_buffer.h"
#include "conv1d/layers.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <vector>

namespace conv1d {
namespace {

using Buffer = Halide::Runtime::Buffer<float>;
using testing::error_of;

TEST(HalideBuffer, ATensorOverItSharesMemorySizesAndStrides) {
    Buffer buffer(5, 3, 2);
    Tensor x = as_tensor("SCB", buffer);
    EXPECT_FALSE(x.owns_memory());
    EXPECT_EQ(x.data(), buffer.data());
    EXPECT_EQ(x.sizes(), (Sizes{5, 3, 2}));
    EXPECT_EQ(x.strides(), (Sizes{1, 5, 15}));
    buffer.fill(0);
    x.data()[4 + 5 * 2 + 15] = 9;
    EXPECT_EQ(buffer(4, 2, 1), 9);
    const ConstTensor same = as_const_tensor("SCB", buffer);
    EXPECT_EQ(same.data(), buffer.data());
    EXPECT_EQ(same.strides(), x.strides());
}

TEST(HalideBuffer, ItsMinIsIndexZero) {
    Buffer buffer(10, 2);
    buffer.set_min(-3, 7);
    EXPECT_EQ(as_tensor("SC", buffer).data(), &buffer(-3, 7));
    const Buffer cropped = buffer.cropped(0, 1, 4);
    const ConstTensor x = as_const_tensor("SC", cropped);
    EXPECT_EQ(x.data(), &buffer(1, 7));
    EXPECT_EQ(x.sizes(), (Sizes{4, 2}));
    EXPECT_EQ(x.strides(), (Sizes{1, 10}));
}

TEST(HalideBuffer, LayersReadAndWriteIt) {
    Convolution1DLayer layer(2, 1, {weights({1, 10})});
    Buffer in(5, 1), out = Buffer::make_interleaved(4, 1, 1).sliced(2, 0); // position stride 1
    in.fill([](int i, int) { return static_cast<float>(i + 1); });
    Tensor y = as_tensor("SC", out);
    layer.forward(as_const_tensor("SC", in), y);
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(out(i, 0), static_cast<float>(i + 1 + 10 * (i + 2)));

    const Halide::Runtime::Buffer<const float> &constant = in;
    EXPECT_EQ(layer.forward(as_const_tensor("SC", constant)).data()[3], 54);
    Halide::Runtime::Buffer<float, 2> two_dimensional = in;
    EXPECT_EQ(layer.forward(as_tensor("SC", two_dimensional)).data()[3], 54);
}

TEST(HalideBuffer, DirtyBits) {
    Buffer buffer(5, 2);
    EXPECT_FALSE(buffer.host_dirty());
    (void)as_const_tensor("SC", buffer);
    EXPECT_FALSE(buffer.host_dirty()) << "reading changes nothing";
    (void)as_tensor("SC", buffer);
    EXPECT_TRUE(buffer.host_dirty()) << "lent to be written";
    EXPECT_FALSE(buffer.device_dirty());

    buffer.set_host_dirty(false);
    buffer.set_device_dirty();
    const std::string expected =
        "Halide buffer 'SC': its device copy is newer than the host's; expected copy_to_host() before";
    EXPECT_EQ(error_of([&] { (void)as_tensor("SC", buffer); }), expected);
    EXPECT_EQ(error_of([&] { (void)as_const_tensor("SC", buffer); }), expected);
    EXPECT_FALSE(buffer.host_dirty());
    buffer.set_device_dirty(false);
}

TEST(HalideBuffer, MadeFromATensorItSharesMemorySizesAndStrides) {
    std::vector<float> memory(100);
    Tensor x("SC", {5, 3}, {2, 20}, memory.data());
    Buffer buffer = as_halide_buffer(x);
    EXPECT_EQ(buffer.data(), memory.data());
    EXPECT_EQ(buffer.dimensions(), 2);
    EXPECT_FALSE(buffer.owns_host_memory());
    EXPECT_FALSE(buffer.host_dirty() || buffer.device_dirty());
    EXPECT_EQ(buffer.dim(0).min(), 0);
    EXPECT_EQ(buffer.dim(0).extent(), 5);
    EXPECT_EQ(buffer.dim(0).stride(), 2);
    EXPECT_EQ(buffer.dim(1).stride(), 20);
    buffer(4, 2) = 3;
    EXPECT_EQ(memory[48], 3);

    const ConstTensor constant("SC", {5, 3}, {2, 20}, memory.data());
    const auto read_only = as_halide_buffer(constant);
    static_assert(std::is_same_v<decltype(read_only(0, 0)), const float &>);
    EXPECT_EQ(read_only(4, 2), 3);
}

TEST(HalideBuffer, RefusesWhatNoTensorIs) {
    Buffer buffer(5, 2);
    EXPECT_EQ(error_of([&] { (void)as_tensor("SCB", buffer); }),
              "Halide buffer 'SCB': buffer has 2 dimensions; expected one for each of 3 labels");
    Buffer empty(nullptr, 5, 2);
    EXPECT_EQ(error_of([&] { (void)as_tensor("SC", empty); }),
              "tensor 'SC': data is null; expected a pointer to the first element");
    EXPECT_FALSE(empty.host_dirty());
    halide_dimension_t backwards[] = {{0, 5, -1}};
    float memory[5];
    Buffer reversed(memory + 4, 1, backwards);
    EXPECT_EQ(error_of([&] { (void)as_const_tensor("S", reversed); }),
              "tensor 'S': stride of S is -1; expected a positive integer");
    Tensor wide("SC", {5, 2}, {1, 3000000000}, memory);
    EXPECT_EQ(error_of([&] { (void)as_halide_buffer(wide); }),
              "Halide buffer 'SC': size and stride of C are 2 and 3000000000; expected at most 2147483647");
}

} // namespace
} // namespace conv1d
