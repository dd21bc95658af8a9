// Nothing is allocated while a kernel runs or a layer's noexcept forward does, in any thread.
#include "builtin_targets.h"
#include "conv1d/layers.h"
#include "count_allocations.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace conv1d {
namespace {

using testing::allocations_of;

/// The shared threads, and how many of them were last asked for.
class WatchedExecutor : public Executor {
public:
    void run(int workers, void (*work)(void *, int), void *state) noexcept override {
        workers_ = workers;
        threads_->run(workers, work, state);
    }
    void reserve(int workers) override { threads_->reserve(workers); }
    int workers() const { return workers_; }

private:
    std::shared_ptr<Executor> threads_ = shared_executor();
    std::atomic<int> workers_{1};
};

std::vector<float> ramp(std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < values.size(); i++)
        values[i] = static_cast<float>(i % 17) - 8;
    return values;
}

// Large enough that two threads are worth it, and for every schedule to apply: 24 million operations.
constexpr std::int64_t length = 2000, channels = 20, filters = 96, taps = 3;

Problem problem_for(const Kernel &kernel) {
    Problem p;
    p.operation = kernel.operation;
    p.order = kernel.order;
    p.element = kernel.element;
    p.channels = channels;
    p.length = length;
    p.filters = filters;
    p.taps = taps;
    p.left = p.right = 1;
    p.minimal_filtering = p.operation == Operation::convolution;
    if (!applies(kernel, p)) // in rows
        p.stride = 2;
    if (!applies(kernel, p)) { // taps far apart
        p.stride = 1;
        p.dilation = p.left = p.right = 1200;
    }
    if (!applies(kernel, p)) { // vectors of phases
        p.stride = 16;
        p.dilation = p.left = p.right = 1;
        p.taps = 32;
        p.filters = 3;
    }
    if (!applies(kernel, p)) { // depthwise
        p.stride = 1;
        p.taps = taps;
        p.channels = p.groups = p.filters = channels * filters;
    }
    if (!applies(kernel, p)) // many taps, or pairs of them
        p.taps = 17;
    if (!applies(kernel, p)) // gathered channels
        p.stride = 3;
    return p;
}

/// Keeps the compiler from leaving an allocation out.
void *seen(void *block) {
    static void *volatile last;
    last = block;
    return last;
}

TEST(Trap, SeesEveryWayToAllocate) {
    EXPECT_EQ(allocations_of([] {}), 0);
    EXPECT_EQ(allocations_of([] { std::free(seen(std::malloc(8))); }), 1);
    EXPECT_EQ(allocations_of([] { std::free(seen(std::calloc(2, 8))); }), 1);
    EXPECT_EQ(allocations_of([] { std::free(seen(std::realloc(nullptr, 8))); }), 1);
    EXPECT_EQ(allocations_of([] { std::free(seen(std::aligned_alloc(64, 64))); }), 1);
    EXPECT_EQ(allocations_of([] {
                  void *aligned = nullptr;
                  EXPECT_EQ(posix_memalign(&aligned, 64, 64), 0);
                  std::free(seen(aligned));
              }),
              1);
    EXPECT_EQ(allocations_of([] { ::operator delete(seen(::operator new(8))); }), 1);
    EXPECT_EQ(allocations_of([] {
                  constexpr std::align_val_t alignment{64};
                  ::operator delete(seen(::operator new(64, alignment)), alignment);
              }),
              1);
}

TEST(Trap, SeesOtherThreads) {
    std::atomic<bool> go{false}, done{false};
    std::thread other([&] {
        while (!go)
            std::this_thread::yield();
        std::free(seen(std::malloc(8)));
        done = true;
    });
    EXPECT_EQ(allocations_of([&] {
                  go = true;
                  while (!done)
                      std::this_thread::yield();
              }),
              1);
    other.join();
}

TEST(Trap, SeesWhatTheThrowingForwardAllocates) {
    Convolution1DLayer conv(taps, filters, {weights(ramp(taps * channels * filters))});
    const Tensor x("SC", {length, channels});
    EXPECT_GT(allocations_of([&] { (void)conv.forward(x); }), 0);
}

class NoAllocation : public ::testing::TestWithParam<int> {};

/// Runs a kernel once, and counts what that allocates.
template <class T>
void expect_no_allocation_of(const Kernel &kernel, const Problem &p, int threads) {
    const auto elements = [](std::int64_t count) { return std::vector<T>(static_cast<std::size_t>(count)); };
    const std::vector<T> input = elements(p.length * p.channels),
                         weights = elements(p.taps * p.channels_per_group() * p.filters);
    std::vector<T> output = elements(p.output_length() * p.filters);
    const PackedParameters<T> packed(*kernel.schedule, p, weights.data(), nullptr);
    const auto executor = std::make_shared<WatchedExecutor>();
    Workspace workspace(scratch_bytes(kernel, p), threads, executor);
    Status status = Status::kernel_failed;
    EXPECT_EQ(allocations_of([&] {
                  status = run_kernel(
                      kernel, p, {input.data(), dense_strides(p.order, p.length, p.channels, 1)}, packed,
                      {output.data(), dense_strides(p.order, p.output_length(), p.filters, 1)}, workspace);
              }),
              0);
    EXPECT_EQ(status, Status::ok) << workspace.error();
    EXPECT_EQ(executor->workers(), threads);
}

TEST_P(NoAllocation, InAKernel) {
    const int threads = GetParam();
    int ran = 0;
    for (const Kernel &kernel : builtin_kernels()) {
        if (!is_supported(kernel.target))
            continue;
        SCOPED_TRACE(std::string(kernel.schedule->name) + " " + to_string(kernel.target));
        const Problem p = problem_for(kernel);
        ASSERT_TRUE(applies(kernel, p));
        if (kernel.element == ElementType::float32)
            expect_no_allocation_of<float>(kernel, p, threads);
        else
            expect_no_allocation_of<double>(kernel, p, threads);
        ran++;
    }
    EXPECT_GE(ran, 6) << "portable/any alone has two operations in three orders";
}

/// An input, and how it and its output lie in memory.
struct View {
    const char *format;
    Sizes sizes;
    std::int64_t step; ///< elements between neighbours of the first label
    std::int64_t gap;  ///< elements left free after each row of each label
};

const View views[] = {
    {"SCB", {length, channels, 1}, 1, 0},     {"CBT", {channels, 1, length}, 1, 0},
    {"SCB", {length, channels, 1}, 2, 0},     // sliced
    {"BCS", {2, channels, length}, 1, 0},     // no label that a kernel wants contiguous comes first
    {"SCBT", {length, channels, 2, 2}, 1, 0}, // folded
    {"SCBT", {length, channels, 2, 2}, 1, 1}, // looped
};

Shape shape_of(const View &view, const Sizes &sizes) {
    Sizes strides = sizes;
    std::int64_t next = view.step;
    for (int i = 0; i < sizes.rank(); i++) {
        strides[i] = next;
        next = next * sizes[i] + view.gap;
    }
    return {view.format, sizes, strides};
}

/// The first and the second call of the noexcept forward.
void forward_allocates_nothing(Layer &layer, const View &view,
                               const std::shared_ptr<WatchedExecutor> &executor) {
    const Shape in = shape_of(view, view.sizes);
    const Shape out = shape_of(view, layer.output_sizes(view.format, view.sizes));
    std::vector<float> read(static_cast<std::size_t>(in.span()));
    std::vector<float> written(static_cast<std::size_t>(out.span()));
    const ConstTensor x(view.format, in.sizes(), in.strides(), read.data());
    Tensor y(view.format, out.sizes(), out.strides(), written.data());
    Workspace workspace = layer.make_workspace(x, y);
    layer.prepare(x, y);
    for (int call = 0; call < 2; call++) {
        Status status = Status::kernel_failed;
        EXPECT_EQ(allocations_of([&] { status = layer.forward(x, y, workspace); }), 0);
        EXPECT_EQ(status, Status::ok) << workspace.error();
    }
    EXPECT_EQ(executor->workers(), layer.threads());
}

/// For every target and every kind of view.
void forward_allocates_nothing(Layer &layer, int threads) {
    const auto executor = std::make_shared<WatchedExecutor>();
    layer.set_threads(threads);
    layer.set_executor(executor);
    for (const Target target : testing::builtin_targets()) {
        if (!is_supported(target))
            continue;
        layer.force_target(target);
        for (const View &view : views) {
            SCOPED_TRACE(std::string(to_string(target)) + ' ' + view.format + ", step " +
                         std::to_string(view.step) + ", gap " + std::to_string(view.gap));
            forward_allocates_nothing(layer, view, executor);
        }
    }
}

TEST(Tensor, BorrowsWithoutAllocating) {
    std::vector<float> memory(20);
    EXPECT_EQ(allocations_of([&] {
                  const Tensor x("SC", {10, 2}, memory.data());
                  const ConstTensor view = x;
                  const ConstTensor sliced("SC", {5, 2}, {2, 10}, view.data());
              }),
              0);
}

TEST_P(NoAllocation, InConvolution) {
    Convolution1DLayer conv(taps, filters, {padding("same"), weights(ramp(taps * channels * filters))});
    forward_allocates_nothing(conv, GetParam());
}

TEST_P(NoAllocation, InTransposedConvolution) {
    TransposedConvolution1DLayer up(taps, filters, {stride(2), weights(ramp(taps * channels * filters))});
    forward_allocates_nothing(up, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Threads, NoAllocation, ::testing::Values(1, 2), ::testing::PrintToStringParamName());

} // namespace
} // namespace conv1d
