// How a layer runs: workspaces, the noexcept call, threads, and the kernels that are chosen or forced.
#include "conv1d/layers.h"

#include "error_of.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace conv1d {
namespace {

using testing::error_of;

std::vector<float> values(const Tensor &x) {
    return {x.data(), x.data() + x.elements()};
}

Tensor ramp(std::string_view format, const Sizes &sizes) {
    Tensor x(format, sizes);
    for (std::int64_t i = 0; i < x.elements(); i++)
        x.data()[i] = static_cast<float>(i % 17) - 8;
    return x;
}

std::vector<float> ramp_values(std::int64_t count) {
    return values(ramp("S", {count}));
}

/// Large enough that several threads are worth it: 24 million operations.
Convolution1DLayer large_layer() {
    return Convolution1DLayer(3, 64, {padding("same"), weights(ramp_values(std::int64_t{3} * 32 * 64))});
}
const Sizes large_sizes{2000, 32, 1};

TEST(NoexceptForward, ComputesWhatTheThrowingOneDoes) {
    for (const auto &[format, sizes] :
         {std::pair{"SCB", Sizes{200, 4, 3}}, std::pair{"CBT", Sizes{4, 3, 200}}}) {
        Convolution1DLayer conv(5, 7, {weights(ramp_values(std::int64_t{5} * 4 * 7)), bias(ramp_values(7))});
        const Tensor x = ramp(format, sizes);
        const Tensor want = conv.forward(x);
        Tensor got(format, conv.output_sizes(format, sizes));
        Workspace workspace = conv.make_workspace(x);
        EXPECT_EQ(conv.forward(x, got, workspace), Status::ok);
        EXPECT_EQ(values(got), values(want));
        EXPECT_LE(workspace.peak_bytes(), conv.workspace_bytes(format, sizes));
    }
}

TEST(NoexceptForward, IsNoexcept) {
    const Convolution1DLayer conv(3, 1);
    static_assert(noexcept(
        conv.forward(std::declval<const Tensor &>(), std::declval<Tensor &>(), std::declval<Workspace &>())));
    static_assert(std::is_nothrow_move_constructible_v<Convolution1DLayer>);
    static_assert(!std::is_copy_constructible_v<Convolution1DLayer>);
    EXPECT_EQ(conv.num_filters(), 1);
}

TEST(NoexceptForward, WantsPreparedWeights) {
    Convolution1DLayer conv(3, 1);
    const Tensor x = ramp("SC", {50, 1});
    Tensor y("SC", {48, 1});
    Workspace workspace = conv.make_workspace(x);
    EXPECT_EQ(conv.forward(x, y, workspace), Status::not_initialized);
    conv.set_weights({1, 2, 3});
    EXPECT_EQ(conv.forward(x, y, workspace), Status::not_initialized);
    conv.prepare(x);
    EXPECT_EQ(conv.forward(x, y, workspace), Status::ok);
    conv.set_bias({5});
    EXPECT_EQ(conv.forward(x, y, workspace), Status::not_initialized);
    conv.prepare("SC", {50, 1});
    EXPECT_EQ(conv.forward(x, y, workspace), Status::ok);
    EXPECT_EQ(y.data()[0], -8.0f - 7 * 2 - 6 * 3 + 5);
}

/// A layer keeps what it worked out for the last input.
TEST(NoexceptForward, SeesWhatWasSetAfterTheLastCall) {
    const auto make = [] {
        return Convolution1DLayer(3, 20, {padding("same"), weights(ramp_values(std::int64_t{3} * 4 * 20))});
    };
    Convolution1DLayer conv = make();
    const Tensor x = ramp("SCB", {210, 4, 2}), longer = ramp("SCB", {224, 4, 2});
    Tensor y("SCB", {210, 20, 2}), y_of_longer("SCB", {224, 20, 2});
    Workspace workspace(1 << 20, 1);
    conv.prepare(x);
    EXPECT_EQ(conv.forward(x, y, workspace), Status::ok);
    EXPECT_EQ(conv.forward(longer, y_of_longer, workspace), Status::ok);
    EXPECT_EQ(values(y_of_longer), values(make().forward(longer)));
    EXPECT_EQ(conv.forward(x, y_of_longer, workspace), Status::invalid_argument);
    EXPECT_EQ(conv.forward(x, x, y, workspace), Status::invalid_argument); // no residual of these sizes

    conv.force_schedule("portable/any"); // whose weights are not packed
    EXPECT_EQ(conv.forward(x, y, workspace), Status::not_initialized);
    conv.prepare(x);
    EXPECT_EQ(conv.forward(x, y, workspace), Status::ok);
    conv.force_tier(Tier::specialised); // of which there is none
    EXPECT_EQ(conv.forward(x, y, workspace), Status::invalid_argument);
    conv.set_kernels(builtin_kernels());
    const Convolution1DLayer moved = std::move(conv);
    EXPECT_EQ(moved.forward(x, y, workspace), Status::ok);
    EXPECT_EQ(values(y), values(make().forward(x)));
}

TEST(NoexceptForward, WantsAWorkspaceLargeEnough) {
    Convolution1DLayer conv = large_layer();
    const Tensor x = ramp("SCB", large_sizes);
    Tensor y("SCB", conv.output_sizes("SCB", large_sizes));
    conv.prepare(x);
    Workspace made = conv.make_workspace(x);
    EXPECT_EQ(conv.forward(x, y, made), Status::ok);
    Workspace moved = std::move(made);
    EXPECT_EQ(conv.forward(x, y, made), Status::workspace_too_small); // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(conv.forward(x, y, moved), Status::ok);

    const std::size_t needed = conv.workspace_bytes("SCB", large_sizes);
    ASSERT_GT(needed, 0U) << "the test needs a schedule with scratch memory";
    Workspace empty;
    EXPECT_EQ(conv.forward(x, y, empty), Status::workspace_too_small);
}

TEST(NoexceptForward, RunsInTwoThreadsAtOnce) {
    Convolution1DLayer conv = large_layer();
    const Tensor x = ramp("SCB", large_sizes);
    const std::vector<float> want = values(conv.forward(x));
    const Convolution1DLayer &shared = conv;
    std::array<Status, 2> status{Status::kernel_failed, Status::kernel_failed};
    std::array<std::vector<float>, 2> got;
    const auto work = [&](std::size_t i) {
        Workspace workspace = shared.make_workspace(x);
        Tensor y("SCB", shared.output_sizes("SCB", large_sizes));
        for (int repeat = 0; repeat < 20; repeat++)
            status[i] = shared.forward(x, y, workspace);
        got[i] = values(y);
    };
    std::thread first(work, 0), second(work, 1);
    first.join();
    second.join();
    for (const std::size_t i : {0U, 1U}) {
        EXPECT_EQ(status[i], Status::ok);
        EXPECT_EQ(got[i], want);
    }
}

/// Runs the workers one after the other and counts them.
class CountingExecutor : public Executor {
public:
    void run(int workers, void (*work)(void *, int), void *state) noexcept override {
        most = std::max(most.load(), workers);
        for (int worker = 0; worker < workers; worker++)
            work(state, worker);
    }
    std::atomic<int> most{0};
};

TEST(Threads, GiveTheSameBits) {
    for (const auto &[format, sizes] :
         {std::pair{"SCB", large_sizes}, std::pair{"CBT", Sizes{32, 1, 2000}}}) {
        Convolution1DLayer conv = large_layer();
        const Tensor x = ramp(format, sizes);
        const std::vector<float> one = values(conv.forward(x));
        conv.set_threads(3);
        EXPECT_EQ(conv.threads(), 3);
        EXPECT_EQ(values(conv.forward(x)), one);
    }
}

TEST(Threads, AreTheExecutorsAndAsManyAsSet) {
    const auto executor = std::make_shared<CountingExecutor>();
    Convolution1DLayer conv = large_layer();
    const Tensor x = ramp("SCB", large_sizes);
    const std::vector<float> want = values(conv.forward(x));
    conv.set_executor(executor);
    EXPECT_EQ(values(conv.forward(x)), want);
    EXPECT_EQ(executor->most, 0) << "one thread needs no executor";
    conv.set_threads(3);
    EXPECT_EQ(values(conv.forward(x)), want);
    EXPECT_EQ(executor->most, 3);
}

TEST(Threads, AreNotUsedForASmallProblem) {
    const auto executor = std::make_shared<CountingExecutor>();
    Convolution1DLayer conv = large_layer();
    conv.set_executor(executor);
    conv.set_threads(3);
    (void)conv.forward(ramp("SCB", {20, 32, 1}));
    EXPECT_EQ(executor->most, 0);
}

TEST(Threads, AreFromOneToAThousand) {
    Convolution1DLayer conv(3, 1, {name("c")});
    for (const int wrong : {0, -1, most_threads + 1, 2000000}) {
        const std::string is = "threads is " + std::to_string(wrong) + "; expected from 1 to 1024";
        EXPECT_EQ(error_of([&] { conv.set_threads(wrong); }), "convolution1dLayer 'c': " + is);
        EXPECT_EQ(error_of([&] { Workspace(0, wrong); }), "Workspace: " + is);
    }
    EXPECT_EQ(conv.threads(), 1);
    conv.set_threads(most_threads);
    EXPECT_EQ(conv.threads(), 1024);
}

// A table of our own, so that what it lacks is known.

int never_run(const void *, halide_buffer_t *, halide_buffer_t *, halide_buffer_t *, halide_buffer_t *,
              std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t, double, std::int32_t,
              double, std::int32_t, double, std::int32_t, std::int32_t, halide_buffer_t *) {
    return -1;
}
const char *always(const Problem &) noexcept {
    return nullptr;
}
const char *many_channels(const Problem &problem) noexcept {
    return problem.channels >= 8 ? nullptr : "it has fewer than 8 channels";
}
std::size_t some_scratch(const Problem &problem) noexcept {
    return static_cast<std::size_t>(problem.channels) * 64;
}

constexpr Schedule many{"test/many_channels", {8, 16}, WeightOrder::tap_inner, many_channels, some_scratch};
constexpr Schedule any{"test/any", {8, 8}, WeightOrder::tap_inner, always, some_scratch};

#if defined(__x86_64__)
constexpr Target basic = Target::x86_64;
constexpr Target foreign = Target::arm_64;
#else
constexpr Target basic = Target::arm_64;
constexpr Target foreign = Target::x86_64;
#endif

constexpr Kernel kernel_of(const Schedule &schedule) {
    return {&schedule, Operation::convolution, ElementType::float32, MemoryOrder::scb, basic, never_run};
}

constexpr std::array<Kernel, 2> kernels{kernel_of(many), kernel_of(any)};
constexpr KernelTable table{kernels.data(), kernels.size()};

class Kernels : public ::testing::Test {
protected:
    Kernels() : conv(3, 1, {name("c")}) { conv.set_kernels(table); }
    Convolution1DLayer conv;
};

TEST_F(Kernels, TheFirstThatAppliesIsChosen) {
    EXPECT_EQ(conv.target(), basic);
    EXPECT_EQ(&conv.kernel_for("SC", {10, 8}), &kernels[0]);
    EXPECT_EQ(&conv.kernel_for("SC", {10, 7}), &kernels[1]);
    EXPECT_EQ(conv.workspace_bytes("SC", {10, 7}), 7U * 64);
}

TEST_F(Kernels, AForcedScheduleIsUsedUntilForgotten) {
    conv.force_schedule("test/any");
    EXPECT_EQ(&conv.kernel_for("SC", {10, 8}), &kernels[1]);
    conv.force_schedule("");
    EXPECT_EQ(&conv.kernel_for("SC", {10, 8}), &kernels[0]);
    conv.force_schedule("test/any");
    conv.set_kernels(table);
    EXPECT_EQ(&conv.kernel_for("SC", {10, 8}), &kernels[0]);
}

TEST_F(Kernels, AnUnknownScheduleIsRefused) {
    EXPECT_EQ(error_of([&] { conv.force_schedule("test/none"); }),
              "convolution1dLayer 'c': schedule 'test/none' is unknown; expected the name of one in the "
              "kernel table");
}

TEST_F(Kernels, AForcedScheduleThatDoesNotApplyIsRefused) {
    conv.force_schedule("test/many_channels");
    conv.set_weights({1, 2, 3});
    std::vector<float> memory(8, -7.0f);
    Tensor y("SC", {8, 1}, memory.data());
    const Tensor x("SC", {10, 1});
    EXPECT_EQ(error_of([&] { conv.forward(x, y); }),
              "convolution1dLayer 'c': schedule is 'test/many_channels'; expected one that applies to "
              "conv_l10_k3 on " +
                  std::string(to_string(basic)));
    Workspace workspace;
    EXPECT_EQ(conv.forward(x, y, workspace), Status::invalid_argument);
    EXPECT_EQ(memory, std::vector<float>(8, -7.0f));
}

TEST_F(Kernels, ATableWithoutAKernelForTheProblemIsRefused) {
    EXPECT_EQ(error_of([&] {
                  (void)conv.kernel_for("CT", {8, 10});
              }),
              "convolution1dLayer 'c': target is " + std::string(to_string(basic)) +
                  "; expected one with a kernel for conv_cbt_c8_l10_k3");
}

TEST_F(Kernels, AForcedTargetMustBeThere) {
    EXPECT_EQ(error_of([&] { conv.force_target(foreign); }),
              "convolution1dLayer 'c': target is " + std::string(to_string(foreign)) +
                  "; expected one that this processor supports");
    if (is_supported(Target::x86_64_cuda)) { // its host part is, on every x86-64
        EXPECT_EQ(error_of([&] { conv.force_target(Target::x86_64_cuda); }),
                  "convolution1dLayer 'c': target is x86-64-cuda; expected one of the kernel table: x86-64");
    }
    EXPECT_EQ(conv.target(), basic);
}

TEST_F(Kernels, ATableMustHaveFunctions) {
    Kernel listed = kernels[1];
    listed.run = nullptr;
    EXPECT_EQ(
        error_of([&] {
            conv.set_kernels({&listed, 1});
        }),
        "convolution1dLayer 'c': kernel of schedule 'test/any' has no function; expected a table of compiled "
        "kernels");
    EXPECT_THROW(conv.set_kernels({}), std::runtime_error);
    EXPECT_EQ(&conv.kernel_for("SC", {10, 8}), &kernels[0]);
}

TEST_F(Kernels, AKernelsFailureIsAnError) {
    conv.set_weights({1, 2, 3});
    try {
        (void)conv.forward(ramp("SC", {10, 1}));
        ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error &error) {
        EXPECT_EQ(std::string(error.what()), "convolution1dLayer 'c': schedule 'test/any' failed on " +
                                                 std::string(to_string(basic)) + ": kernel failed");
    }
}

/// Every kernel of the library that runs here, forced by name, gives the values of the others.
TEST(BuiltInKernels, AllCanBeForcedAndAgree) {
    Convolution1DLayer conv = large_layer();
    TransposedConvolution1DLayer up(
        4, 64, {stride(2), cropping("same"), weights(ramp_values(std::int64_t{4} * 32 * 64))});
    std::set<std::string> ran;
    for (Layer *layer : {static_cast<Layer *>(&conv), static_cast<Layer *>(&up)}) {
        for (const auto &[format, sizes] :
             {std::pair{"SCB", Sizes{100, 32, 1}}, std::pair{"CBT", Sizes{32, 1, 100}}}) {
            const Tensor x = ramp(format, sizes);
            layer->force_schedule("");
            const Problem problem = layer->problem_for(format, sizes);
            layer->force_schedule("portable/any");
            const std::vector<float> want = values(layer->forward(x)); // exact: small integers
            for (const Kernel &kernel : builtin_kernels()) {
                if (!is_supported(kernel.target) || !applies(kernel, problem))
                    continue;
                layer->force_target(kernel.target);
                layer->force_schedule(kernel.schedule->name);
                EXPECT_EQ(&layer->kernel_for(format, sizes), &kernel);
                EXPECT_EQ(values(layer->forward(x)), want)
                    << kernel.schedule->name << to_string(kernel.target);
                ran.insert(to_string(kernel.target));
            }
        }
    }
    std::set<std::string> supported;
    for (const Kernel &kernel : builtin_kernels()) {
        if (is_supported(kernel.target))
            supported.insert(to_string(kernel.target));
    }
    EXPECT_EQ(ran, supported);
    EXPECT_TRUE(ran.count(to_string(basic)));
}

} // namespace
} // namespace conv1d
