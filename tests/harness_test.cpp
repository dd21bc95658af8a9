// The tests' own tools: the reference against numbers worked out by hand, and the checks against faults put
// in on purpose.
#include "kernel_run.h"
#include "tolerance.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace conv1d::testing {
namespace {

std::vector<double> reference(const char *problem, const std::vector<float> &input,
                              const std::vector<float> &weights, const std::vector<float> &bias) {
    const Problem p = parse_problem(problem);
    const Strides strides = dense_strides(p.order, p.length, p.channels, p.batch);
    std::vector<double> output; // in scb order
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t f = 0; f < p.filters; f++) {
            for (std::int64_t i = 0; i < p.output_length(); i++)
                output.push_back(
                    reference_at(p, Arrays<float>{{input.data(), strides}, weights.data(), bias.data(), {}},
                                 i, f, n)
                        .value);
        }
    }
    return output;
}

using Values = std::vector<double>;

TEST(HarnessReference, ConvolvesByHand) {
    EXPECT_EQ(reference("conv_l4_k2", {1, 2, 3, 4}, {10, 1}, {0}), (Values{12, 23, 34}));
    EXPECT_EQ(reference("conv_l3_k2_p1x2", {1, 2, 3}, {10, 1}, {100}), (Values{101, 112, 123, 130, 100}));
    EXPECT_EQ(reference("conv_l5_k2_s2_d2", {1, 2, 3, 4, 5}, {10, 1}, {0}), (Values{13, 35}));
    EXPECT_EQ(reference("conv_c2_l2_f2", {1, 2, 3, 4}, {1, 10, 2, 20}, {0, 5}), (Values{31, 42, 67, 89}));
    EXPECT_EQ(reference("conv_cbt_c2_l2_f2", {1, 3, 2, 4}, {1, 10, 2, 20}, {0, 5}), (Values{31, 42, 67, 89}));
    EXPECT_EQ(reference("conv_c2_l2_f4_g2", {1, 2, 3, 4}, {1, 2, 3, 4}, {0, 0, 0, 0}),
              (Values{1, 2, 2, 4, 9, 12, 12, 16}));
    EXPECT_EQ(reference("conv_n2_l2_k2", {1, 2, 3, 4}, {10, 1}, {0}), (Values{12, 34}));
}

TEST(HarnessReference, ConvolvesTransposedByHand) {
    EXPECT_EQ(reference("tconv_l2_k3_s2", {1, 2}, {1, 10, 100}, {0}), (Values{1, 10, 102, 20, 200}));
    EXPECT_EQ(reference("tconv_l2_k3_s2_p1x1", {1, 2}, {1, 10, 100}, {0}), (Values{10, 102, 20}));
    EXPECT_EQ(reference("tconv_l2_k1_s3_p0x-2", {1, 2}, {1}, {7}), (Values{8, 7, 7, 9, 7, 7}));
    EXPECT_EQ(reference("tconv_l2_k2_d2", {1, 2}, {1, 10}, {0}), (Values{1, 2, 10, 20}));
    EXPECT_EQ(reference("tconv_l1_k2_s2_o1", {3}, {1, 10}, {5}), (Values{8, 35, 5}));
    EXPECT_EQ(reference("tconv_c2_l1_f2", {1, 2}, {1, 10, 100, 1000}, {0, 0}), (Values{201, 2010}));
    EXPECT_EQ(reference("tconv_c2_l1_f4_g2", {1, 2}, {1, 10, 100, 1000}, {0, 0, 0, 0}),
              (Values{1, 10, 200, 2000}));
}

TEST(HarnessReference, SumsMagnitudes) {
    const float input[] = {1, -2}, weights[] = {-3, 4}, bias[] = {-5};
    const Problem p = parse_problem("conv_l2_k2");
    const Value value = reference_at(p, Arrays<float>{{input, {1, 2, 2}}, weights, bias, {}}, 0, 0, 0);
    EXPECT_EQ(value.value, -16);
    EXPECT_EQ(value.error, 0x1p-53 * 16 + sum_tolerance(p, 16));
}

/// A right result, in memory with gaps, to put one fault in.
class HarnessCheck : public ::testing::TestWithParam<MemoryOrder> {
protected:
    static constexpr std::int64_t gap = 5;

    HarnessCheck() {
        EXPECT_EQ(run_.run(), Status::ok) << run_.error();
        EXPECT_EQ(run_.check(), "");
    }
    static const Kernel &kernel() {
        Problem p = parse_problem(problem);
        p.order = GetParam();
        return *find_kernel(builtin_kernels(), p, best_target(builtin_kernels()), "portable/any");
    }
    /// Elements from the first output to the last.
    std::int64_t last() const {
        const Problem &p = run_.problem();
        const std::int64_t rows = GetParam() == MemoryOrder::scb ? p.batch : p.output_length();
        return p.output_length() * p.filters * p.batch + (rows - 1) * gap - 1;
    }

    static constexpr const char *problem = "conv_n2_c5_l31_f6_k3_p1x1";
    KernelRun run_{kernel(), parse_problem(problem), 1, gap};
};

INSTANTIATE_TEST_SUITE_P(Orders, HarnessCheck, ::testing::Values(MemoryOrder::scb, MemoryOrder::cbt),
                         [](const auto &test) { return test.param == MemoryOrder::scb ? "scb" : "cbt"; });

TEST_P(HarnessCheck, SeesAnErrorOfTwiceTheTolerance) {
    const Value want = run_.expected(0, 0, 0);
    run_.output_start()[0] = want.value + 2 * want.error;
    EXPECT_NE(run_.check(), "");
}

TEST_P(HarnessCheck, SeesTheLastOutput) {
    run_.output_start()[last()] += 1;
    EXPECT_NE(run_.check(), "");
}

TEST_P(HarnessCheck, SeesAnOutputLeftUnwritten) {
    run_.output_start()[last() / 3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NE(run_.check(), "");
}

TEST_P(HarnessCheck, SeesAWriteBeforeAfterAndBetween) {
    const Problem &p = run_.problem();
    const std::int64_t row =
        GetParam() == MemoryOrder::scb ? p.output_length() * p.filters : p.filters * p.batch;
    for (std::int64_t place : {std::int64_t{-1}, last() + 1, row, row + gap - 1}) {
        double &outside = run_.output_start()[place];
        outside = 0;
        EXPECT_NE(run_.check(), "") << "a write to element " << place;
        outside = std::numeric_limits<float>::quiet_NaN();
        EXPECT_EQ(run_.check(), "");
    }
}

} // namespace
} // namespace conv1d::testing
