// The problem string and the target names: one grammar, read and written; every error.
#include "conv1d/kernel.h"
#include "conv1d/layers.h"
#include "conv1d/problem.h"
#include "conv1d/target.h"

#include "runtime/error_of.h"

#include <gtest/gtest.h>

namespace conv1d {
namespace {

using testing::error_of;

const char *const strings[] = {
    "conv",
    "tconv",
    "conv_cbt",
    "conv_strided_n3_l9_k2",
    "conv_c80_l3000_f384_k3_p1x1",
    "tconv_cbt_n8_c16_l512_f96_k11_s4",
    "conv_n2_c6_l90_f12_k5_s2_d3_g6_p6x7",
    "tconv_c4_l40_f48_k5_s3_o2_p1x0",
    "tconv_l11_k3_s5_p0x-2",
    "conv_l9_k3_p1x1_pad-symmetric-exclude-edge",
    "conv_l9_k3_p1x1_pad-0.25",
    "conv_l9_in-leaky-relu_in-slope-0.1_act-gelu_residual",
    "conv_l9_act-leaky-relu",
    "conv_l9_k3_p1x1_act-relu_residual_minimal",
    "conv_l9_in-leaky-relu_in-slope-0_act-leaky-relu_act-slope--0.5",
};

TEST(ProblemString, RoundTrips) {
    for (const char *text : strings)
        EXPECT_EQ(to_string(parse_problem(text)), text);
}

TEST(ProblemString, FieldsMayComeInAnyOrder) {
    EXPECT_EQ(to_string(parse_problem("conv_k3_p1x1_l3000_f384_c80")), "conv_c80_l3000_f384_k3_p1x1");
}

TEST(ProblemString, ReadsEveryField) {
    const Problem p = parse_problem("tconv_cbt_n2_c8_l40_f96_k16_s8_g2_p4x3_o1");
    EXPECT_EQ(p.operation, Operation::transposed_convolution);
    EXPECT_EQ(p.order, MemoryOrder::cbt);
    EXPECT_EQ(p.batch, 2);
    EXPECT_EQ(p.channels, 8);
    EXPECT_EQ(p.length, 40);
    EXPECT_EQ(p.filters, 96);
    EXPECT_EQ(p.taps, 16);
    EXPECT_EQ(p.stride, 8);
    EXPECT_EQ(p.groups, 2);
    EXPECT_EQ(p.left, 4);
    EXPECT_EQ(p.right, 3);
    EXPECT_EQ(p.output_padding, 1);
    EXPECT_EQ(p.output_length(), 39 * 8 + 16 - 4 - 3 + 1);
    EXPECT_DOUBLE_EQ(p.flops(), 2.0 * 2 * 8 * 40 * 48 * 16 * 322 / (39 * 8 + 16)); // 322 of 328 outputs
    EXPECT_EQ(p.bytes(), 4.0 * (2 * 8 * 40 + 2 * 96 * 322 + 96 * (4 * 16 + 1)));
}

TEST(ProblemString, HasTheSlopeOfALayerWhereItSaysNone) {
    const Convolution1DLayer layer(1, 1, {activation("leaky-relu"), input_activation("leaky-relu")});
    const Problem p = parse_problem("conv_in-leaky-relu_act-leaky-relu");
    EXPECT_EQ(p.slope, layer.activation_slope());
    EXPECT_EQ(p.input_slope, layer.input_activation_slope());
    EXPECT_EQ(p.slope, 0.01);
    EXPECT_EQ(parse_problem("conv_act-slope-0_act-leaky-relu").slope, 0);
    EXPECT_EQ(parse_problem("conv_act-relu_in-gelu"), parse_problem("conv_act-relu_in-gelu_act-slope-0"));
    EXPECT_EQ(to_string(parse_problem("conv_act-leaky-relu_act-slope-0.01")), "conv_act-leaky-relu");
}

TEST(ProblemString, OfNumbersThatAreNoNames) {
    Problem p;
    p.order = static_cast<MemoryOrder>(-1);
    p.padding_mode = static_cast<PaddingMode>(5);
    p.activation = static_cast<Activation>(1000000);
    EXPECT_EQ(to_string(p), "conv_unknown_pad-unknown_act-unknown");
}

TEST(ProblemString, ErrorsNameThePart) {
    const auto error = [](const char *text) { return error_of([&] { (void)parse_problem(text); }); };
    EXPECT_EQ(error(""), "problem string '': '' is not understood; expected 'conv' or 'tconv' first");
    EXPECT_EQ(error("deconv_k3"),
              "problem string 'deconv_k3': 'deconv' is not understood; expected 'conv' or 'tconv' first");
    const std::string field =
        " is not understood; expected a letter of n c l f k s d g o with an integer below 2^63, "
        "p<left>x<right>, "
        "float64, cbt, strided, pad-, act-, act-slope-, in- or in-slope- with a value, residual or minimal";
    for (const std::string part : {"k3.5", "q7", "k", "k3x", "p3", "p1x", "float16", "k99999999999999999999"})
        EXPECT_EQ(error(("conv_" + part).c_str()),
                  "problem string 'conv_" + part + "': '" + part + "'" + field);
    const std::string activations = "one of none relu leaky-relu gelu gelu-tanh silu tanh sigmoid";
    for (const auto &[part, expected] :
         {std::pair<std::string, std::string>{"act-purple", "act- with " + activations},
          {"in-purple", "in- with " + activations},
          {"act-slope-x", "act-slope- with a number"},
          {"pad-1e400", "pad- with a number or one of constant replicate symmetric-include-edge "
                        "symmetric-exclude-edge circular"}})
        EXPECT_EQ(error(("conv_" + part).c_str()), "problem string 'conv_" + part + "': '" + part +
                                                       "' is not understood; expected " + expected);
    EXPECT_EQ(error("conv__k3"), "problem string 'conv__k3': ''" + field);
    EXPECT_EQ(error("conv_k3_"),
              "problem string 'conv_k3_': '' is not understood; expected no '_' at the end");
}

TEST(ProblemString, TakesEachFieldOnce) {
    const auto error = [](const std::string &text) { return error_of([&] { (void)parse_problem(text); }); };
    for (const std::string part :
         {"cbt", "n1", "c2", "l9", "f3", "k1", "s1", "d1", "g1", "o0", "p0x0", "pad-replicate", "pad-0",
          "in-relu", "in-slope-0", "act-none", "act-slope-1", "residual", "minimal"}) {
        EXPECT_EQ(error("tconv_" + part + "_" + part),
                  "problem string 'tconv_" + part + "_" + part + "': '" + part +
                      "' sets again what a part before it set; expected each field once");
    }
    EXPECT_EQ(error("conv_k3_l9_k5"),
              "problem string 'conv_k3_l9_k5': 'k5' sets again what a part before it set; "
              "expected each field once");
    EXPECT_EQ(error("conv_l9_pad-replicate_pad-1"), "nothing was thrown"); // the kind and the number are two
}

TEST(ProblemString, ErrorsNameTheFieldThatIsOutOfRange) {
    const auto error = [](const std::string &text) {
        const std::string whole = error_of([&] { (void)parse_problem(text); });
        const std::string prefix = "problem string '" + text + "': ";
        EXPECT_EQ(whole.substr(0, prefix.size()), prefix);
        return whole.substr(std::min(prefix.size(), whole.size()));
    };
    EXPECT_EQ(error("conv_k0"), "taps is 0; expected a positive integer");
    EXPECT_EQ(error("conv_s-1"), "stride is -1; expected a positive integer");
    EXPECT_EQ(error("conv_l3000000000"), "length is 3000000000; expected less than 2^31");
    EXPECT_EQ(error("conv_c3_g2"), "channels is 3; expected a multiple of groups, 2");
    EXPECT_EQ(error("conv_c4_f3_g2"), "filters is 3; expected a multiple of groups, 2");
    EXPECT_EQ(error("conv_p-1x0"), "left is -1; expected 0 or more");
    EXPECT_EQ(error("conv_p0x-1"), "right is -1; expected 0 or more");
    EXPECT_EQ(error("conv_p3000000000x0"), "left is 3000000000; expected less than 2^31");
    EXPECT_EQ(error("tconv_p0x-9223372036854775808"),
              "right is -9223372036854775808; expected less than 2^31");
    EXPECT_EQ(error("conv_o1"), "output_padding is 1; expected 0 for a convolution");
    EXPECT_EQ(error("tconv_s2_o2"),
              "output_padding is 2; expected less than the larger of stride and dilation");
    EXPECT_EQ(error("tconv_minimal"), "minimal_filtering is on; expected a convolution");
    EXPECT_EQ(error("conv_pad-inf"), "padding_value is not finite; expected a finite number");
    for (const std::string number : {"inf", "-inf", "nan"}) {
        EXPECT_EQ(error("conv_act-slope-" + number), "slope is not finite; expected a finite number");
        EXPECT_EQ(error("conv_in-slope-" + number), "input_slope is not finite; expected a finite number");
    }
    EXPECT_EQ(error("conv_l4_k5"),
              "the output length is 0; expected at least 1 (filter longer than the padded "
              "input, or cropping that leaves nothing)");
    EXPECT_EQ(error("conv_c2000000_l2000"), "a buffer has more than 2^31-1 elements; expected fewer");
    EXPECT_EQ(error("conv_l200000001_s100000000"),
              "the padded lengths overflow; expected fewer than 2^31 samples");
    EXPECT_EQ(error("tconv_l2000000_s2000"), "the padded lengths overflow; expected fewer than 2^31 samples");
}

TEST(Layers, AreLongUnlessTheySay) {
    EXPECT_EQ(parse_layer("conv_c3_k9_l50").length, 50);
    for (const char *layer :
         {"conv_c3_k9", "conv_k20001", "conv_k3_d40000_s2", "tconv_k3_p30000x30000", "tconv_k3_s2_p2x-2"}) {
        EXPECT_GE(parse_layer(layer).length, 16384) << layer;
        EXPECT_GT(parse_layer(layer).output_length(), 1) << layer;
    }
    EXPECT_THROW((void)parse_problem("conv_c3_k9"), std::invalid_argument); // as that is a signal of 1 sample
    EXPECT_THROW((void)parse_layer("conv_k2000000000_d2000000000"), std::invalid_argument);
    EXPECT_THROW((void)parse_layer("conv_k-2000000000_d2000000000"), std::invalid_argument);
    EXPECT_THROW((void)parse_layer("conv_k-9223372036854775808_d-9223372036854775808"),
                 std::invalid_argument);
}

TEST(Layers, AreNamedWithoutBatchAndLength) {
    EXPECT_EQ(layer_string(parse_problem("conv_cbt_n8_c3_l50_f2_k9_p4x4_residual")),
              "conv_cbt_c3_f2_k9_p4x4_residual");
}

TEST(Layers, AreWhatAProblemIsButForItsSizesAtTheRightEnd) {
    const auto is = [](const char *layer, const char *problem) {
        return is_layer(parse_layer(layer), parse_problem(problem));
    };
    EXPECT_TRUE(is("conv_c3_f2_k3_p1x1", "conv_n7_c3_l50_f2_k3_p1x1"));
    EXPECT_TRUE(is("conv_c3_f2_k3_s2_p1x1", "conv_c3_l50_f2_k3_s2_p1x0"));
    EXPECT_TRUE(is("tconv_c3_f2_k3_s2", "tconv_c3_l50_f2_k3_s2_o1"));
    EXPECT_FALSE(is("conv_c3_f2_k3_s2_p1x1", "conv_c3_l50_f2_k3_s2_p0x1"));
    EXPECT_FALSE(is("conv_c3_f2_k3_s2", "conv_c3_l3_f2_k3_s2")); // one output: a kernel is given stride 1
    EXPECT_FALSE(is("conv_c3_f2", "conv_c3_l9_f2_residual"));
    EXPECT_TRUE(
        is("conv_act-leaky-relu_act-slope-0.1", "conv_l9_act-leaky-relu_act-slope-0.10000000149011612"));
    EXPECT_FALSE(is("conv_float64_act-leaky-relu_act-slope-0.1",
                    "conv_float64_l9_act-leaky-relu_act-slope-0.10000000149011612"));
}

TEST(TargetNames, RoundTrip) {
    for (int i = 0; i < target_count; i++) {
        const Target target = static_cast<Target>(i);
        EXPECT_EQ(parse_target(to_string(target)), target);
    }
}

TEST(TargetNames, OfNumbersThatAreNoTargets) {
    for (const int number : {target_count, 1000000, -1}) {
        EXPECT_STREQ(to_string(static_cast<Target>(number)), "unknown");
        EXPECT_STREQ(halide_target(static_cast<Target>(number)), "unknown");
    }
}

TEST(TargetNames, AreExpandedToWholeChains) {
    const std::string avx512 = halide_target(Target::x86_64_avx512);
    for (const char *feature : {"sse41", "avx", "f16c", "fma", "avx2", "avx512", "avx512_skylake"})
        EXPECT_NE(("-" + avx512 + "-").find("-" + std::string(feature) + "-"), std::string::npos) << feature;
    const std::string avx2 = halide_target(Target::x86_64_avx2);
    for (const char *feature : {"sse41", "avx", "f16c", "fma", "avx2"})
        EXPECT_NE(("-" + avx2 + "-").find("-" + std::string(feature) + "-"), std::string::npos) << feature;
}

TEST(TargetNames, UnexpandedOnesAreRefused) {
    for (const char *name : {"", "avx2", "x86-64-linux-avx2", "x86-64-AVX2", "arm"}) {
        EXPECT_EQ(
            error_of([&] { (void)parse_target(name); }),
            "target '" + std::string(name) +
                "' is unknown; expected one of x86-64, x86-64-sse41, x86-64-avx2, x86-64-avx512, arm-64, "
                "x86-64-cuda, x86-64-opencl");
    }
}

TEST(KernelTables, WithoutAKernelForThisProcessorHaveNoBestTarget) {
    EXPECT_THROW((void)best_target(KernelTable{}), std::runtime_error);
}

} // namespace
} // namespace conv1d
