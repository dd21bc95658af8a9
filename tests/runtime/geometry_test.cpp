// Every length formula against counting, over all small problems.
#include "conv1d/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace conv1d {
namespace {

/// Calls visit(length, taps, stride, dilation) for all small values.
template <class Visit>
void for_small_problems(Visit visit) {
    for (std::int64_t length = 1; length <= 9; length++)
        for (std::int64_t taps = 1; taps <= 5; taps++)
            for (std::int64_t stride = 1; stride <= 4; stride++)
                for (std::int64_t dilation = 1; dilation <= 3; dilation++)
                    visit(length, taps, stride, dilation);
}

/// Outputs all of whose taps are within the padded input.
std::int64_t counted_outputs(std::int64_t padded, std::int64_t taps, std::int64_t stride,
                             std::int64_t dilation) {
    std::int64_t outputs = 0;
    while (outputs * stride + (taps - 1) * dilation < padded)
        outputs++;
    return outputs;
}

TEST(Geometry, ConvolutionLengthCountsTheOutputsThatFit) {
    for_small_problems([](auto length, auto taps, auto stride, auto dilation) {
        for (const Ends &padding : {Ends{0, 0}, Ends{0, 2}, Ends{3, 1}}) {
            EXPECT_EQ(convolution_length(length, padding, taps, stride, dilation),
                      counted_outputs(length + padding.first + padding.second, taps, stride, dilation))
                << length << ' ' << taps << ' ' << stride << ' ' << dilation << ' ' << padding.first;
        }
    });
}

TEST(Geometry, TransposedLengthReachesTheLastPositionWritten) {
    for_small_problems([](auto length, auto taps, auto stride, auto dilation) {
        std::int64_t end = 0;
        for (std::int64_t n = 0; n < length; n++)
            for (std::int64_t k = 0; k < taps; k++)
                end = std::max(end, n * stride + k * dilation + 1);
        EXPECT_EQ(transposed_length(length, {0, 0}, taps, stride, dilation, 0), end);
        EXPECT_EQ(transposed_length(length, {2, 1}, taps, stride, dilation, 0), end - 3);
        EXPECT_EQ(transposed_length(length, {0, 0}, taps, stride, dilation, 1), end + 1);
    });
}

TEST(Geometry, SamePaddingIsTheLeastThatGivesEveryStrideAnOutput) {
    for_small_problems([](auto length, auto taps, auto stride, auto dilation) {
        const std::int64_t wanted = (length + stride - 1) / stride;
        std::int64_t least = 0;
        while (counted_outputs(length + least, taps, stride, dilation) < wanted)
            least++;
        const Ends right = same_padding(length, taps, stride, dilation, OddEnd::right);
        const Ends left = same_padding(length, taps, stride, dilation, OddEnd::left);
        EXPECT_EQ(right.first + right.second, least);
        EXPECT_EQ(right.second - right.first, least % 2);
        EXPECT_EQ(left, (Ends{right.second, right.first}));
        // Without padding a short filter leaves the end of the input unread, never outputs too many.
        EXPECT_EQ(convolution_length(length, right, taps, stride, dilation), wanted);
    });
}

TEST(Geometry, CausalPaddingMakesTheLastTapTheSampleOfItsOutput) {
    for_small_problems([](auto length, auto taps, auto stride, auto dilation) {
        const Ends padding = causal_padding(taps, dilation);
        for (std::int64_t i = 0; i < length; i++)
            EXPECT_EQ(i + (taps - 1) * dilation - padding.first, i);
        EXPECT_EQ(padding.second, 0);
        EXPECT_EQ(convolution_length(length, padding, taps, stride, dilation),
                  (length + stride - 1) / stride);
    });
}

TEST(Geometry, SameCroppingMakesTheOutputLengthTimesStride) {
    for_small_problems([](auto length, auto taps, auto stride, auto dilation) {
        for (const OddEnd odd : {OddEnd::right, OddEnd::left}) {
            const Ends cropping = same_cropping(taps, stride, dilation, odd);
            EXPECT_EQ(transposed_length(length, cropping, taps, stride, dilation, 0), length * stride);
            EXPECT_GE(cropping.first, 0);
        }
    });
}

TEST(Geometry, SameCroppingWithAFilterShorterThanTheStrideAddsAtTheRight) {
    EXPECT_EQ(same_cropping(2, 5, 1, OddEnd::right), (Ends{0, -3}));
    EXPECT_EQ(same_cropping(2, 5, 1, OddEnd::left), (Ends{0, -3}));
    EXPECT_EQ(same_cropping(5, 2, 1, OddEnd::right), (Ends{1, 2}));
    EXPECT_EQ(same_cropping(5, 2, 1, OddEnd::left), (Ends{2, 1}));
}

TEST(Geometry, IsExactBeyond32Bits) {
    EXPECT_EQ(effective_filter_size(3'000'000'000, 2), 5'999'999'999);
    EXPECT_EQ(transposed_length(3'000'000'000, {1, 0}, 3, 4, 1, 0), 11'999'999'998);
}

} // namespace
} // namespace conv1d
