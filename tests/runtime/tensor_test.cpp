#include "conv1d/tensor.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace conv1d {
namespace {

using testing::error_of;

TEST(Tensor, OwnsZeroedMemoryAlignedTo64Bytes) {
    for (const std::int64_t length : {1, 7, 3000}) {
        const Tensor x("SCB", {length, 3, 2});
        EXPECT_TRUE(x.owns_memory());
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(x.data()) % 64, 0U);
        for (std::int64_t i = 0; i < x.elements(); i++)
            ASSERT_EQ(x.data()[i], 0.0f) << i;
    }
}

TEST(Tensor, FirstLabelIsFastest) {
    const Tensor x("SCB", {30, 8, 2});
    EXPECT_EQ(x.format(), "SCB");
    EXPECT_EQ(x.size('S'), 30);
    EXPECT_EQ(x.size('C'), 8);
    EXPECT_EQ(x.size('B'), 2);
    EXPECT_EQ(x.stride('S'), 1);
    EXPECT_EQ(x.stride('C'), 30);
    EXPECT_EQ(x.stride('B'), 240);
    EXPECT_EQ(x.elements(), 480);
    EXPECT_EQ(x.shape().span(), 480);
}

TEST(Tensor, BorrowsWithoutTouchingTheMemory) {
    std::vector<float> memory{1, 2, 3, 4, 5, 6};
    Tensor x("CT", {2, 3}, memory.data());
    EXPECT_FALSE(x.owns_memory());
    EXPECT_EQ(x.data(), memory.data());
    x.data()[4] = 50;
    EXPECT_EQ(memory, (std::vector<float>{1, 2, 3, 4, 50, 6}));
}

TEST(Tensor, BorrowsWithStrides) {
    std::vector<float> memory(100);
    const Tensor x("SC", {10, 3}, {1, 40}, memory.data());
    EXPECT_EQ(x.stride('C'), 40);
    EXPECT_EQ(x.elements(), 30);
    EXPECT_EQ(x.shape().span(), 90);
    const Tensor frames("SB", {8, 5}, {1, 2}, memory.data());
    EXPECT_EQ(frames.shape().span(), 16);
}

/// Memory that may only be read makes an input, never an output.
TEST(Tensor, ConstMemoryMakesAConstTensorOnly) {
    static_assert(!std::is_constructible_v<Tensor, const char *, Sizes, const float *>);
    static_assert(!std::is_constructible_v<Tensor, const char *, Sizes, std::span<const float>>);
    static_assert(!std::is_convertible_v<ConstTensor, Tensor>);
    static_assert(std::is_same_v<decltype(std::declval<ConstTensor &>().data()), const float *>);
    const std::vector<float> memory{1, 2, 3, 4, 5, 6};
    const ConstTensor x("CT", {2, 3}, memory.data());
    EXPECT_EQ(x.data(), memory.data());
    EXPECT_EQ(x.stride('T'), 2);
    const ConstTensor every_other("T", {3}, {2}, memory.data());
    EXPECT_EQ(every_other.shape().span(), 5);
}

TEST(Tensor, BecomesAConstTensorOfTheSameMemory) {
    static_assert(std::is_nothrow_constructible_v<ConstTensor, const Tensor &>);
    Tensor x("SC", {4, 2});
    const ConstTensor same = x;
    EXPECT_EQ(same.data(), x.data());
    EXPECT_EQ(same.format(), "SC");
    EXPECT_EQ(same.sizes(), x.sizes());
    EXPECT_EQ(ConstTensor(Tensor()).data(), nullptr);
}

TEST(Tensor, BorrowsSpans) {
    std::vector<float> memory(20);
    const Tensor x("SC", {10, 2}, std::span(memory));
    EXPECT_EQ(x.data(), memory.data());
    EXPECT_FALSE(x.owns_memory());
    const Tensor y("SC", {5, 2}, {2, 10},
                   std::span(memory).subspan(1)); // 19 floats, of which the last is read
    EXPECT_EQ(y.data(), memory.data() + 1);
    const ConstTensor z("SC", {3, 2}, std::span<const float>(memory));
    EXPECT_EQ(z.data(), memory.data());
}

TEST(Tensor, RefusesSpansThatAreTooShort) {
    std::vector<float> memory(20);
    const std::span<float> all(memory);
    EXPECT_EQ(error_of([&] {
                  Tensor("SC", {10, 2}, all.first(19));
              }),
              "tensor 'SC': memory is 19 floats; expected at least 20");
    EXPECT_EQ(error_of([&] {
                  Tensor("SC", {5, 2}, {2, 10}, all.first(18));
              }),
              "tensor 'SC': memory is 18 floats; expected at least 19");
    EXPECT_EQ(error_of([&] {
                  ConstTensor("SC", {3, 2}, std::span<const float>());
              }),
              "tensor 'SC': memory is 0 floats; expected at least 6");
}

TEST(Tensor, TakesRepeatedAndUnspecifiedLabels) {
    const Tensor x("SSUU", {2, 3, 4, 5});
    EXPECT_EQ(x.size('S'), 2);
    EXPECT_EQ(x.size('U'), 4);
    EXPECT_FALSE(x.shape().has('B'));
}

TEST(Tensor, MovesItsMemoryAndLeavesNothing) {
    static_assert(!std::is_copy_constructible_v<Tensor>);
    Tensor x("SC", {4, 2});
    float *const data = x.data();
    Tensor y(std::move(x));
    EXPECT_EQ(y.data(), data);
    EXPECT_EQ(x.data(), nullptr); // NOLINT(bugprone-use-after-move): what is left is specified
    EXPECT_EQ(x.elements(), 0);
    EXPECT_EQ(x.format(), "");
    x = std::move(y);
    EXPECT_EQ(x.data(), data);
    EXPECT_EQ(x.size('S'), 4);
}

TEST(Tensor, RefusesWrongLabels) {
    EXPECT_EQ(error_of([] { Tensor("", {}); }), "tensor '': format has 0 labels; expected 1 to 8");
    EXPECT_EQ(error_of([] {
                  Tensor("SCX", {1, 2, 3});
              }),
              "tensor 'SCX': label 'X' is unknown; expected S, C, B, T or U");
    EXPECT_EQ(error_of([] {
                  Tensor("scb", {1, 2, 3});
              }),
              "tensor 'scb': label 's' is unknown; expected S, C, B, T or U");
    EXPECT_EQ(error_of([] {
                  (void)Tensor("SC", {1, 2}).size('B');
              }),
              "tensor 'SC': label 'B' is asked for; expected one of the format");
}

TEST(Tensor, RefusesWrongSizes) {
    EXPECT_EQ(error_of([] {
                  Tensor("SCB", {3, 2});
              }),
              "tensor 'SCB': sizes are [3 2]; expected one for each of 3 labels");
    EXPECT_EQ(error_of([] {
                  Tensor("SC", {3, 0});
              }),
              "tensor 'SC': size of C is 0; expected a positive integer");
    EXPECT_EQ(error_of([] {
                  Tensor("SC", {-3, 2});
              }),
              "tensor 'SC': size of S is -3; expected a positive integer");
    EXPECT_EQ(error_of([] { Sizes({1, 2, 3, 4, 5, 6, 7, 8, 9}); }), "sizes are 9 values; expected at most 8");
    EXPECT_EQ(
        error_of([] {
            Tensor("SC", {4000000000, 4000000000});
        }),
        "tensor 'SC': sizes are [4000000000 4000000000]; expected at most 1152921504606846975 elements");
}

TEST(Tensor, RefusesWrongStrides) {
    float value = 0;
    EXPECT_EQ(error_of([&] {
                  Tensor("SC", {3, 2}, {1}, &value);
              }),
              "tensor 'SC': strides are [1]; expected one for each of 2 labels");
    EXPECT_EQ(error_of([&] {
                  Tensor("SC", {3, 2}, {1, 0}, &value);
              }),
              "tensor 'SC': stride of C is 0; expected a positive integer");
    EXPECT_EQ(error_of([&] {
                  Tensor("SC", {3, 3}, {1, 2000000000000000000}, &value);
              }),
              "tensor 'SC': sizes are [3 3] with strides [1 2000000000000000000]; expected at most "
              "1152921504606846975 elements");
}

} // namespace
} // namespace conv1d
