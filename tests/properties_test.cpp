// What holds of every built-in kernel besides being right: neither the layout in memory nor the neighbours in
// a batch or in a block of filters change a bit, and what is wrong stays where it is or is reported.
#include "behaviours.h"
#include "conv1d/run_gradient.h"
#include "kernel_run.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#ifdef __SSE2__
#include <xmmintrin.h>
#endif

namespace conv1d::testing {
namespace {

std::vector<const Kernel *> supported_kernels() {
    std::vector<const Kernel *> all;
    for (const Kernel &kernel : builtin_kernels()) {
        if (is_supported(kernel.target))
            all.push_back(&kernel);
    }
    return all;
}

class EachKernel : public ::testing::TestWithParam<const Kernel *> {
protected:
    const Kernel &kernel() const { return *GetParam(); }

    /// Calls test(problem) for each behaviour that the kernel takes and `wanted` accepts. At least one has to
    /// be.
    template <class Wanted, class Test>
    void for_problems(const Wanted &wanted, const Test &test) const {
        int ran = 0;
        for (const Behaviour &behaviour : behaviours) {
            const std::optional<Problem> p = problem_of(behaviour, kernel());
            if (!p || !wanted(*p))
                continue;
            SCOPED_TRACE(behaviour.name);
            ASSERT_NO_FATAL_FAILURE(test(*p));
            ran++;
        }
        EXPECT_GT(ran, 0) << "no behaviour tests this of " << describe(kernel());
    }
};

INSTANTIATE_TEST_SUITE_P(BuiltIn, EachKernel, ::testing::ValuesIn(supported_kernels()),
                         [](const auto &test) { return test_name(*test.param); });

bool any(const Problem &) {
    return true;
}

/// Sums alone: what an activation makes of infinities, and a residual, are other tests' matter.
bool plain(const Problem &p) {
    return p.activation == Activation::none && p.input_activation == Activation::none && !p.residual;
}

bool same_bits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Calls visit(position, channel, observation).
template <class Visit>
void for_each(std::int64_t length, std::int64_t channels, std::int64_t batch, const Visit &visit) {
    for (std::int64_t n = 0; n < batch; n++) {
        for (std::int64_t c = 0; c < channels; c++) {
            for (std::int64_t i = 0; i < length; i++)
                visit(i, c, n);
        }
    }
}

/// Gives `to` parameters and input of `from`, beginning with its observation `first`.
void copy_problem(KernelRun &to, KernelRun &from, std::int64_t first) {
    const Problem &p = to.problem();
    to.copy_parameters(from);
    for_each(p.length, p.channels, p.batch,
             [&](auto i, auto c, auto n) { to.input(i, c, n) = from.input(i, c, first + n); });
}

/// How many outputs of `run` differ in any bit from those of `whole`, beginning with its observation `first`.
std::int64_t different(const KernelRun &run, const KernelRun &whole, std::int64_t first) {
    const Problem &p = run.problem();
    std::int64_t count = 0;
    for_each(p.output_length(), p.filters, p.batch, [&](auto i, auto f, auto n) {
        count += !same_bits(run.output(i, f, n), whole.output(i, f, first + n));
    });
    return count;
}

/// Free elements after every row and every observation; in `cbt` order observations outside of positions (the
/// labels CSB).
Strides spaced_strides(MemoryOrder order, std::int64_t length, std::int64_t channels) {
    constexpr std::int64_t after_row = 3, after_observation = 7;
    if (order == MemoryOrder::scb)
        return {1, length + after_row, (length + after_row) * channels + after_observation};
    return {channels + after_row, 1, (channels + after_row) * length + after_observation};
}

TEST_P(EachKernel, GivesTheSameBitsInSpacedMemory) {
    for_problems(plain, [&](const Problem &p) {
        KernelRun dense(kernel(), p);
        KernelRun spaced(kernel(), p, 2, spaced_strides(p.order, p.length, p.channels),
                         spaced_strides(p.order, p.output_length(), p.filters));
        copy_problem(spaced, dense, 0);
        ASSERT_EQ(dense.run(), Status::ok) << dense.error();
        ASSERT_EQ(spaced.run(), Status::ok) << spaced.error();
        EXPECT_EQ(spaced.check(), "");
        EXPECT_EQ(different(spaced, dense, 0), 0);
    });
}

TEST_P(EachKernel, GivesAnObservationTheBitsOfItAlone) {
    const auto batched = [](const Problem &p) { return p.batch > 1 && !p.residual; };
    for_problems(batched, [&](const Problem &p) {
        KernelRun batch(kernel(), p);
        ASSERT_EQ(batch.run(), Status::ok) << batch.error();
        Problem one = p;
        one.batch = 1;
        for (std::int64_t n = 0; n < p.batch; n++) {
            KernelRun alone(kernel(), one);
            copy_problem(alone, batch, n);
            ASSERT_EQ(alone.run(), Status::ok) << alone.error();
            EXPECT_EQ(different(alone, batch, n), 0) << "observation " << n;
        }
    });
}

TEST_P(EachKernel, GivesAlikeFiltersTheSameBits) {
    if (kernel().schedule->input_copy == InputCopy::none)
        GTEST_SKIP() << "it computes one filter for each group";
    const auto several_filters = [](const Problem &p) { return p.filters_per_group() > 1 && !p.residual; };
    for_problems(several_filters, [&](const Problem &p) {
        KernelRun run(kernel(), p);
        run.repeat_first_filter();
        ASSERT_EQ(run.run(), Status::ok) << run.error();
        EXPECT_EQ(run.check(), "");
        for_each(p.output_length(), p.filters, p.batch, [&](auto i, auto f, auto n) {
            const std::int64_t first = f - f % p.filters_per_group(); // of the group
            ASSERT_TRUE(same_bits(run.output(i, f, n), run.output(i, first, n)))
                << "position " << i << ", filter " << f << ", observation " << n;
        });
    });
}

/// What stands at either end of the signal, next to the padding, reaches the outputs that see it and no
/// other.
TEST_P(EachKernel, KeepsNanAndInfinityAtTheEndsWhereTheyAreSeen) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr std::pair<double, double> ends[] = {{nan, infinity}, {infinity, -infinity}, {-infinity, nan}};
    std::int64_t seen = 0;
    for_problems(plain, [&](const Problem &p) {
        KernelRun clean(kernel(), p);
        ASSERT_EQ(clean.run(), Status::ok) << clean.error();
        for (const std::pair<double, double> &bad : ends) {
            KernelRun dirty(kernel(), p);
            dirty.input(0, p.channels - 1, p.batch - 1) = bad.first;
            dirty.input(p.length - 1, p.channels - 1, p.batch - 1) = bad.second;
            ASSERT_EQ(dirty.run(), Status::ok) << dirty.error();
            for_each(p.output_length(), p.filters, p.batch, [&](auto i, auto f, auto n) {
                const Value value = dirty.expected(i, f, n);
                const double want = value.value, got = dirty.output(i, f, n);
                const bool sees = !std::isfinite(want);
                seen += sees;
                const bool right = shares_products(kernel(), value) ? !sees || !std::isfinite(got)
                                   : !sees                          ? same_bits(got, clean.output(i, f, n))
                                   : std::isnan(want)               ? std::isnan(got)
                                                                    : got == want;
                ASSERT_TRUE(right) << bad.first << " to " << bad.second << ": position " << i << ", filter "
                                   << f << ", observation " << n << ": " << got << " instead of " << want;
            });
        }
    });
    EXPECT_GT(seen, 0);
}

TEST_P(EachKernel, ReportsAWorkspaceThatIsTooSmallAndGoesOn) {
    constexpr std::size_t rounding = 256; // a Workspace rounds its bytes up to less than this
    int tried = 0;
    for_problems(any, [&](const Problem &p) {
        KernelRun run(kernel(), p);
        ASSERT_EQ(run.run(), Status::ok) << run.error();
        const std::size_t needed = run.peak_bytes();
        if (needed < 2 * rounding)
            return;
        tried++;
        Workspace small(needed - rounding, 1);
        EXPECT_EQ(run.run_in(small), Status::workspace_too_small);
        Workspace enough(needed, 1);
        EXPECT_EQ(run.run_in(enough), Status::ok) << run.error();
        EXPECT_EQ(run.check(), "");
    });
    EXPECT_GT(tried, 0);
}

#ifdef __SSE2__
/// Whether an operation of `work` had a subnormal operand, which some processors take a hundred cycles for.
template <class Work>
bool meets_subnormals(const Work &work) {
    constexpr unsigned subnormal_operand = 1U << 1; // MXCSR's flag DE
    _mm_setcsr(_mm_getcsr() & ~subnormal_operand);
    work();
    return (_mm_getcsr() & subnormal_operand) != 0;
}

/// Its padding repeats samples, and it has many taps: both take tables of integers.
Problem problem_of_tables(ElementType element) {
    Problem p = parse_problem("conv_c1_l2100_f1_k4001_s500_p2000x2000_pad-replicate");
    p.element = element;
    return p;
}

/// Runs in a workspace what begins its scratch there with such tables: a forward pass, a gradient.
Status run_forward_with_tables(const Problem &p, Workspace &workspace) {
    KernelRun run(*find_kernel(builtin_kernels(), p, best_target(builtin_kernels()), "portable/any"), p);
    return run.run_in(workspace);
}

template <class T>
Status run_gradient_with_tables(const Problem &p, Workspace &workspace) {
    const auto ones = [](std::int64_t count) {
        return std::vector<T>(static_cast<std::size_t>(count), T{1});
    };
    const std::vector<T> x = ones(p.length), y = ones(p.output_length());
    std::vector<T> weights = ones(p.taps);
    const auto signal = [&](const std::vector<T> &values) {
        const auto length = static_cast<std::int64_t>(values.size());
        return Signal<const T>{values.data(), dense_strides(p.order, length, 1, 1)};
    };
    return run_weights_gradient(
        *find_gradient_kernel(GradientStep::weights, p, best_target(builtin_kernels())), p, signal(x),
        signal(y), weights.data(), p.taps, false, workspace);
}

/// A workspace's memory is full of subnormal numbers when it is allocated (stale_memory.cpp).
TEST_P(EachKernel, ComputesWithNoStaleMemory) {
    volatile float smallest = std::numeric_limits<float>::denorm_min();
    ASSERT_TRUE(meets_subnormals([&] { smallest = smallest * 2; }));
    Workspace used(std::size_t{1} << 22, 1); // enough for each
    for_problems(plain, [&](const Problem &p) {
        KernelRun run(kernel(), p);
        Status status = Status::kernel_failed;
        EXPECT_FALSE(meets_subnormals([&] { status = run.run(); }));
        ASSERT_EQ(status, Status::ok) << run.error();
        const Problem tables = problem_of_tables(p.element);
        for (const auto &use : {run_forward_with_tables, p.element == ElementType::float32
                                                             ? run_gradient_with_tables<float>
                                                             : run_gradient_with_tables<double>}) {
            ASSERT_EQ(use(tables, used), Status::ok) << used.error();
            EXPECT_FALSE(meets_subnormals([&] { status = run.run_in(used); })) << "in used memory";
            ASSERT_EQ(status, Status::ok) << run.error();
        }
    });
}
#endif

} // namespace
} // namespace conv1d::testing
