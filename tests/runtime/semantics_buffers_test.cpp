// Section 8 of the meaning of the layers, what gets a clear error, for inputs and outputs: the exact
// sentence, the Status of the noexcept call, and that nothing was written.
#include "conv1d/layers.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace conv1d {
namespace {

using testing::error_of;

constexpr float old_value = -7;

/// 3 taps, 2 channels, 1 filter: 8 samples of an input of 10.
Convolution1DLayer layer(std::vector<Option> options = {}) {
    options.push_back(weights({1, 2, 3, 4, 5, 6}));
    options.push_back(name("c"));
    return Convolution1DLayer(3, 1, options);
}

/// 3 taps, 1 channel, 1 filter, stride 2: uncropped 7 samples of an input of 3.
TransposedConvolution1DLayer transposed(const Option &crop) {
    return TransposedConvolution1DLayer(3, 1, {stride(2), crop, weights({1, 2, 3}), name("up")});
}

/// Memory in which any write is seen.
class Memory {
public:
    float *at(std::size_t element) { return values_.data() + element; }
    bool is_untouched() const { return values_ == std::vector<float>(values_.size(), old_value); }

private:
    std::vector<float> values_ = std::vector<float>(64, old_value);
};

/// The error of asking for an output of these sizes.
std::string refusal(const Layer &of, std::string_view format, const Sizes &sizes) {
    return error_of([&] { (void)of.output_sizes(format, sizes); });
}

/// The sentence with which the throwing forward refuses; checks that the noexcept one refuses too, in a
/// workspace that would do.
std::string refusal(Layer &of, const ConstTensor &input, Tensor &&output) {
    const std::string sentence = error_of([&] { of.forward(input, output); });
    Workspace workspace(1 << 20, 1);
    EXPECT_EQ(of.forward(input, output, workspace), Status::invalid_argument);
    return sentence;
}

/// The same, with an output that would hold the result if there were one.
std::string refusal_and_nothing_written(Layer &of, const ConstTensor &input) {
    Memory memory;
    const std::string sentence = refusal(of, input, Tensor(input.format(), input.sizes(), memory.at(16)));
    EXPECT_TRUE(memory.is_untouched());
    EXPECT_EQ(error_of([&] { (void)of.forward(input); }), sentence);
    EXPECT_EQ(error_of([&] { of.prepare(input); }), sentence);
    EXPECT_EQ(error_of([&] { (void)of.make_workspace(input); }), sentence);
    return sentence;
}

TEST(Semantics8, AnUnsupportedFormat) {
    Convolution1DLayer conv = layer();
    TransposedConvolution1DLayer up = transposed(cropping(0));
    const std::string expected =
        "; expected the labels SCB, CBT, SCBT, SC, CT or SCT, each once, in any order";
    for (const std::string format : {"SSC", "SB", "CB", "SCU", "SCC"}) {
        const Tensor x(format, Sizes(std::vector<std::int64_t>(format.size(), 2)));
        EXPECT_EQ(refusal_and_nothing_written(conv, x),
                  "convolution1dLayer 'c': format is '" + format + "'" + expected);
        EXPECT_EQ(refusal_and_nothing_written(up, x),
                  "transposedConv1dLayer 'up': format is '" + format + "'" + expected);
    }
    Memory memory;
    EXPECT_EQ(refusal(conv, Tensor(), Tensor("SC", {8, 1}, memory.at(0))),
              "convolution1dLayer 'c': format is ''" + expected);
    EXPECT_TRUE(memory.is_untouched());
}

TEST(Semantics8, AnOutputOfAnotherFormatThanTheInput) {
    Convolution1DLayer conv = layer();
    const Tensor x("SC", {10, 2});
    Memory memory;
    EXPECT_EQ(refusal(conv, x, Tensor("CS", {1, 8}, memory.at(0))),
              "convolution1dLayer 'c': output format is 'CS'; expected 'SC' as of the input");
    EXPECT_EQ(refusal(conv, x, Tensor("SCB", {8, 1, 1}, memory.at(0))),
              "convolution1dLayer 'c': output format is 'SCB'; expected 'SC' as of the input");
    EXPECT_EQ(refusal(conv, x, Tensor()),
              "convolution1dLayer 'c': output format is ''; expected 'SC' as of the input");
    EXPECT_TRUE(memory.is_untouched());
}

TEST(Semantics8, AnOutputOfWrongSizes) {
    Convolution1DLayer conv = layer();
    const Tensor x("SC", {10, 2});
    Memory memory;
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {10, 1}, memory.at(0))),
              "convolution1dLayer 'c': output sizes are [10 1]; expected [8 1]");
    EXPECT_TRUE(memory.is_untouched());
}

TEST(Semantics8, ChannelsThatDifferFromTheLayers) {
    Convolution1DLayer conv = layer();
    for (const char *format : {"SC", "TC", "SCB"}) {
        Sizes sizes = format[2] == 'B' ? Sizes{10, 3, 1} : Sizes{10, 3};
        EXPECT_EQ(refusal_and_nothing_written(conv, Tensor(format, sizes)),
                  "convolution1dLayer 'c': input size of C is 3; expected 2 channels");
    }
}

TEST(Semantics8, APaddedInputShorterThanTheEffectiveFilter) {
    Convolution1DLayer conv = layer({padding(1, 0), dilation_factor(3)});
    EXPECT_EQ(
        refusal_and_nothing_written(conv, Tensor("SC", {5, 2})),
        "convolution1dLayer 'c': padded input length is 6; expected at least the effective filter size 7");
    EXPECT_EQ(conv.output_sizes("SC", {6, 2}), (Sizes{1, 1})) << "one sample more is enough";
}

TEST(Semantics8, CroppingThatLeavesNoOutput) {
    TransposedConvolution1DLayer up = transposed(cropping(3, 4));
    EXPECT_EQ(
        refusal_and_nothing_written(up, Tensor("SC", {3, 1})),
        "transposedConv1dLayer 'up': Cropping is [3 4]; expected less in all than the 7 samples there are to "
        "crop");
    EXPECT_EQ(up.output_sizes("SC", {4, 1}), (Sizes{2, 1}));
}

TEST(Semantics8, SizesWhoseByteCountsOverflow) {
    EXPECT_EQ(
        error_of([] {
            Tensor("SC", {4000000000, 4000000000});
        }),
        "tensor 'SC': sizes are [4000000000 4000000000]; expected at most 1152921504606846975 elements");
    EXPECT_EQ(refusal(layer(), "SCB", {2000000000, 2, 1}),
              "convolution1dLayer 'c': input span is 4000000000; expected at most 2147483647 elements");
    EXPECT_EQ(refusal(transposed(cropping(3, 4)), "SC", {2000000000, 1}),
              "transposedConv1dLayer 'up': input length is 2000000000; expected length*Stride + "
              "FilterSize*DilationFactor + Cropping of at most 2147483647");
    EXPECT_EQ(
        refusal(Convolution1DLayer(1, 1000, {num_channels(1)}), "SCB", {100000, 1, 100}),
        "convolution1dLayer: output is 100000 samples of 1000 filters and 100 observations; expected a span "
        "of at most 2147483647 elements");
    const Convolution1DLayer wide(2, 1, {padding(1)});
    const std::string too_wide =
        "convolution1dLayer: input size of C is 2147483647; expected FilterSize*C*NumFilters of at most "
        "2147483647";
    EXPECT_EQ(refusal(wide, "CT", {2147483647, 1}), too_wide);
    EXPECT_EQ(error_of([&] { (void)wide.kernel_for("CT", {2147483647, 1}); }), too_wide);
    const Convolution1DLayer nine(2, 9, {padding(1)}); // fit, but not when a kernel has packed them
    EXPECT_EQ(nine.output_sizes("CT", {100000000, 1}), (Sizes{9, 2}));
    EXPECT_NE(error_of([&] {
                  (void)nine.kernel_for("CT", {100000000, 1});
              }).find("2147483647, NumFilters rounded up to a multiple of "),
              std::string::npos);
}

/// Of views that are never read, so that their memory need not be there.
TEST(Semantics8, StridesWhoseByteCountsOverflow) {
    Convolution1DLayer conv = layer();
    const Tensor x("SC", {10, 2});
    Memory memory;
    EXPECT_EQ(refusal_and_nothing_written(conv, ConstTensor("SC", {10, 2}, {1, 3000000000}, memory.at(0))),
              "convolution1dLayer 'c': input span is 3000000010; expected at most 2147483647 elements");
    EXPECT_EQ(refusal_and_nothing_written(conv, ConstTensor("SC", {10, 2}, {1, 2000000000}, memory.at(0))),
              "convolution1dLayer 'c': input stride of C is 2000000000; expected at most 1073741823 with a "
              "size of 2");
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, {400000000, 1}, memory.at(0))),
              "convolution1dLayer 'c': output span is 2800000001; expected at most 2147483647 elements");
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, {300000000, 1}, memory.at(0))),
              "convolution1dLayer 'c': output stride of S is 300000000; expected at most 268435455 with a "
              "size of 8");
    EXPECT_TRUE(memory.is_untouched());
}

TEST(Semantics8, ANullBuffer) {
    const std::string expected = "tensor 'SC': data is null; expected a pointer to the first element";
    EXPECT_EQ(error_of([] { Tensor("SC", {3, 2}, nullptr); }), expected);
    EXPECT_EQ(error_of([] { Tensor("SC", {3, 2}, {1, 3}, nullptr); }), expected);
    EXPECT_EQ(error_of([] { ConstTensor("SC", {3, 2}, nullptr); }), expected);
    EXPECT_EQ(error_of([] { ConstTensor("SC", {3, 2}, {1, 3}, nullptr); }), expected);
}

TEST(Semantics8, AMisalignedBuffer) {
    const std::string expected =
        "tensor 'SC': data is misaligned; expected an address that is a multiple of 4 bytes";
    Memory memory;
    for (const std::uintptr_t offset : {1U, 2U, 3U}) {
        auto *const odd = reinterpret_cast<float *>(reinterpret_cast<std::uintptr_t>(memory.at(0)) + offset);
        EXPECT_EQ(error_of([&] { Tensor("SC", {3, 2}, odd); }), expected);
        EXPECT_EQ(error_of([&] { ConstTensor("SC", {3, 2}, odd); }), expected);
    }
}

/// The 4 bytes of a float are all the alignment that is needed: what lies off a vector's boundary gives the
/// same.
TEST(Semantics8, ABufferAlignedToAFloatIsTaken) {
    Convolution1DLayer conv = layer();
    std::vector<float> in(28);
    for (std::size_t offset = 0; offset < 8; offset++) {
        for (std::size_t i = 0; i < 20; i++)
            in[offset + i] = static_cast<float>(i * i);
        const ConstTensor x("SC", {10, 2}, in.data() + offset);
        Memory memory;
        Tensor y("SC", {8, 1}, memory.at(offset));
        conv.forward(x, y);
        for (int i = 0; i < 8; i++) {
            const auto square = [&](int k) { return static_cast<float>((i + k) * (i + k)); };
            EXPECT_EQ(y.data()[i], square(0) + 2 * square(1) + 3 * square(2) + 4 * square(10) +
                                       5 * square(11) + 6 * square(12));
        }
    }
}

TEST(Semantics8, AnOutputThatOverlapsTheInput) {
    Convolution1DLayer conv = layer();
    Memory memory;
    const ConstTensor x("SC", {10, 2}, memory.at(16));
    const std::string expected =
        "convolution1dLayer 'c': output overlaps the input; expected memory of its own";
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, memory.at(16))), expected);
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, memory.at(16 + 19))), expected);
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, memory.at(16 - 7))), expected);
    EXPECT_EQ(refusal(conv, x, Tensor("SC", {8, 1}, {3, 1}, memory.at(0))), expected)
        << "address ranges count, not only elements";
    EXPECT_TRUE(memory.is_untouched());
    Tensor behind("SC", {8, 1}, memory.at(16 + 20)), before("SC", {8, 1}, memory.at(16 - 8));
    conv.forward(x, behind);
    conv.forward(x, before);
    EXPECT_EQ(*memory.at(36), old_value * 21);
    EXPECT_EQ(*memory.at(15), old_value * 21);
}

TEST(Semantics8, AnOutputWhoseElementsOverlap) {
    Convolution1DLayer two(1, 2, {weights({1, 1}), name("c")});
    const Tensor x("SC", {10, 1});
    Memory memory;
    EXPECT_EQ(refusal(two, x, Tensor("SC", {10, 2}, {1, 9}, memory.at(0))),
              "convolution1dLayer 'c': output strides are [1 9]; expected each to pass all elements of the "
              "smaller ones, so that no two share memory");
    EXPECT_EQ(refusal(two, x, Tensor("SC", {10, 2}, {1, 1}, memory.at(0))),
              "convolution1dLayer 'c': output strides are [1 1]; expected each to pass all elements of the "
              "smaller ones, so that no two share memory");
    EXPECT_TRUE(memory.is_untouched());
    Tensor apart("SC", {10, 2}, {1, 10}, memory.at(0));
    two.forward(x, apart);
    EXPECT_EQ(*memory.at(19), 0.0f);
    EXPECT_EQ(*memory.at(20), old_value);
}

} // namespace
} // namespace conv1d
