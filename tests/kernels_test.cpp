// Every built-in kernel that this processor runs, on every behaviour that its schedule takes.
#include "behaviours.h"
#include "builtin_targets.h"
#include "conv1d/geometry.h"
#include "kernel_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

namespace conv1d::testing {
namespace {

struct Case {
    const Kernel *kernel;
    const Behaviour *behaviour;
};

Problem problem_of(const Case &c) {
    return problem_of(*c.behaviour, *c.kernel).value();
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const Kernel &kernel : builtin_kernels()) {
        for (const Behaviour &behaviour : behaviours) {
            if (is_supported(kernel.target) && problem_of(behaviour, kernel))
                all.push_back({&kernel, &behaviour});
        }
    }
    return all;
}

std::string case_name(const ::testing::TestParamInfo<Case> &info) {
    return test_name(*info.param.kernel) + "__" + info.param.behaviour->name;
}

class Kernels : public ::testing::TestWithParam<Case> {
protected:
    const Kernel &kernel() const { return *GetParam().kernel; }
    KernelRun make(unsigned seed = 1, std::int64_t gap = 0) const {
        return KernelRun(kernel(), problem_of(GetParam()), seed, gap);
    }
};

INSTANTIATE_TEST_SUITE_P(BuiltIn, Kernels, ::testing::ValuesIn(cases()), case_name);

TEST_P(Kernels, MatchTheDefinition) {
    KernelRun run = make();
    ASSERT_EQ(run.run(), Status::ok) << run.error();
    EXPECT_EQ(run.check(), "");
}

TEST_P(Kernels, StayWithinTheStatedScratch) {
    KernelRun run = make();
    ASSERT_EQ(run.run(), Status::ok) << run.error();
    EXPECT_GT(run.peak_bytes(), 0u) << "the bound is not tested by a kernel that takes nothing";
    EXPECT_LE(run.peak_bytes(), scratch_bytes(kernel(), run.problem()) + 127); // rounded to a cache line
}

TEST_P(Kernels, TakeGapsBetweenRows) {
    KernelRun run = make(2, 5);
    ASSERT_EQ(run.run(), Status::ok) << run.error();
    EXPECT_EQ(run.check(), "");
}

TEST_P(Kernels, GiveTheSameBitsWithThreads) {
    KernelRun one = make();
    KernelRun three = make();
    ASSERT_EQ(one.run(1), Status::ok);
    ASSERT_EQ(three.run(3), Status::ok);
    EXPECT_TRUE(one.same_bits(three));
}

TEST_P(Kernels, KeepNansWhereTheyAreSeen) {
    KernelRun clean = make();
    KernelRun dirty = make();
    const Problem &p = dirty.problem();
    const std::int64_t bad = p.length / 2;
    dirty.input(bad, 0, 0) = std::numeric_limits<float>::quiet_NaN();
    ASSERT_EQ(clean.run(), Status::ok);
    ASSERT_EQ(dirty.run(), Status::ok);
    int seen = 0;
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t f = 0; f < p.filters; f++) {
            for (std::int64_t i = 0; i < p.output_length(); i++) {
                const Value want = dirty.expected(i, f, n);
                const bool sees = std::isnan(want.value);
                seen += sees;
                if (sees || !shares_products(kernel(), want)) {
                    ASSERT_EQ(std::isnan(dirty.output(i, f, n)), sees) << i << ' ' << f << ' ' << n;
                }
                if (!sees && !shares_products(kernel(), want)) {
                    ASSERT_EQ(dirty.output(i, f, n), clean.output(i, f, n));
                }
            }
        }
    }
    RecordProperty("outputs_that_see_the_nan", seen);
}

/// A kernel's sum for one output does not depend on where in a tile, a tail or an edge it is computed: the
/// same signal moved by one sample at a time gives the same bits, one position further.
TEST_P(Kernels, GiveTailsTheBitsOfTheBody) {
    Problem p = problem_of(GetParam());
    if (p.padding_mode != PaddingMode::constant)
        GTEST_SKIP() << "what the padding repeats depends on where the signal begins";
    if (p.residual)
        GTEST_SKIP() << "the residual is added after the sum";
    if (kernel().schedule->weight_order == WeightOrder::minimal_filter)
        GTEST_SKIP() << "which positions share products depends on where the signal begins";
    if (p.length < 20)
        GTEST_SKIP() << "a signal of " << p.length << " samples has no body";
    KernelRun whole(kernel(), p, 3);
    const bool transposed = p.operation == Operation::transposed_convolution;
    const std::int64_t shift = transposed ? 3 : p.stride; // samples cut off at the left
    Problem shorter = p;
    shorter.length -= shift;
    KernelRun cut(kernel(), shorter, 3);
    ASSERT_EQ(whole.run(), Status::ok);
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t c = 0; c < p.channels; c++) {
            for (std::int64_t i = 0; i < shorter.length; i++)
                cut.input(i, c, n) = whole.input(i + shift, c, n);
        }
    }
    cut.copy_parameters(whole);
    ASSERT_EQ(cut.run(), Status::ok);
    const std::int64_t moved = transposed ? shift * p.stride : shift / p.stride;
    const std::int64_t first = transposed ? effective_filter_size(p.taps, p.dilation)
                                          : p.left / p.stride + 1; // away from the left edge
    std::int64_t compared = 0;
    for (std::int64_t n = 0; n < p.batch; n++) {
        for (std::int64_t f = 0; f < p.filters; f++) {
            for (std::int64_t i = first; i < cut.problem().output_length(); i++, compared++)
                ASSERT_EQ(cut.output(i, f, n), whole.output(i + moved, f, n)) << i << ' ' << f << ' ' << n;
        }
    }
    if (compared == 0)
        GTEST_SKIP() << "every output of this behaviour touches an edge";
}

TEST(Targets, EveryKernelOfEverySupportedTargetIsReached) {
    std::set<const Kernel *> reached;
    for (const Case &c : cases())
        reached.insert(c.kernel);
    int supported = 0;
    for (const Kernel &kernel : builtin_kernels()) {
        if (!is_supported(kernel.target))
            continue;
        supported++;
        EXPECT_EQ(reached.count(&kernel), 1u) << describe(kernel) << " is reached by no behaviour";
    }
    EXPECT_GT(supported, 0);
}

class EachTarget : public ::testing::TestWithParam<Target> {};

INSTANTIATE_TEST_SUITE_P(Targets, EachTarget, ::testing::ValuesIn(builtin_targets()), [](const auto &test) {
    std::string name = to_string(test.param);
    for (char &c : name)
        c = c == '-' ? '_' : c;
    return name;
});

TEST_P(EachTarget, IsRunHere) {
    if (!is_supported(GetParam()))
        GTEST_SKIP() << "this processor has no " << to_string(GetParam()) << ": its kernels were not run";
    for (const Case &c : cases()) {
        if (c.kernel->target == GetParam())
            return;
    }
    FAIL() << "no test ran a kernel for " << to_string(GetParam());
}

TEST(Targets, BestIsExpected) {
    const char *expected = std::getenv("CONV1D_EXPECT_TARGET");
    if (expected == nullptr)
        GTEST_SKIP()
            << "CONV1D_EXPECT_TARGET is not set: set it to the target that this processor should get";
    EXPECT_STREQ(to_string(best_target(builtin_kernels())), expected);
}

} // namespace
} // namespace conv1d::testing
