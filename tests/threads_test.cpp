// Threads: large problems use those they are given, and no others.
#include "kernel_run.h"
#include "runtime/src/packed_layout.h"
#include "runtime/src/thread_pool.h"
#include "runtime/src/work_shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#ifdef CONV1D_PLACES_THREADS
#include <pthread.h>
#endif

namespace conv1d::testing {
namespace {

/// Counts how many workers are asked for, and runs them one after the other.
class CountingExecutor final : public Executor {
public:
    explicit CountingExecutor(int awake = 0) : awake_(awake) {}
    int awake() const noexcept override { return awake_; }
    void run(int workers, void (*work)(void *, int), void *state) noexcept override {
        most_ = std::max(most_.load(), workers);
        for (int w = 0; w < workers; w++)
            work(state, w);
    }
    int most() const { return most_; }

private:
    int awake_;
    std::atomic<int> most_{0};
};

/// Of either operation; the first that a kernel takes. Strided, depthwise and one filter come after what most
/// take.
constexpr const char *large[] = {
    "conv_n2_c32_l1500_f48_k5_p2x2",    "conv_n2_c32_l3000_f48_k5_s2_p2x2",
    "conv_n2_c192_l2000_f192_k8_g192",  "conv_n2_c32_l4000_f48_k3_d1200",
    "tconv_n2_c32_l500_f48_k8_s4",      "tconv_n2_c192_l2000_f192_k8_g192",
    "tconv_n2_c64_l900_k32_s16",        "conv_n2_c32_l1500_f48_k5_p2x2_minimal",
    "conv_n2_c192_l2000_f192_k40_g192", "conv_n2_c192_l6000_f192_k40_s8_g192",
};

/// So many channels that a copy has fewer register tiles than it might: all that a kernel takes.
constexpr const char *many_channels[] = {
    "conv_c1200_l140_f50_k2",          "conv_c600_l281_f50_k3_s2",           "conv_c300_l1500_f50_k2_d1200",
    "tconv_c1200_l141_f50_k2_s2_p3x2", "tconv_c1200_l141_f2_k16_s16_p17x16",
};

/// So few positions that threads share the blocks of filters, or of groups: the first that a kernel takes.
constexpr const char *few_positions[] = {
    "conv_c256_l12_f300_k9_p4x4", "conv_c256_l25_f300_k9_s2_p4x4",      "conv_c64_l134_f300_k9_d16",
    "tconv_c256_l12_f300_k8_s4",  "conv_c197_l393_f197_k390_g197",      "tconv_c1900_l40_f1900_k16_g1900_s8",
    "tconv_c600_l5_f3_k64_s32",   "conv_c256_l12_f300_k9_p4x4_minimal",
};

std::vector<const Kernel *> kernels_for_large_problems() {
    std::vector<const Kernel *> all;
    for (const Kernel &kernel : builtin_kernels()) {
        if (is_supported(kernel.target))
            all.push_back(&kernel);
    }
    return all;
}

class Threads : public ::testing::TestWithParam<const Kernel *> {
protected:
    Problem problem() const {
        Problem p;
        for (const char *text : large) {
            p = parse_problem(text);
            p.order = GetParam()->order;
            p.element = GetParam()->element;
            if (applies(*GetParam(), p))
                break;
        }
        return p;
    }
};

INSTANTIATE_TEST_SUITE_P(BuiltIn, Threads, ::testing::ValuesIn(kernels_for_large_problems()),
                         [](const auto &test) { return test_name(*test.param); });

TEST_P(Threads, GiveTheSameBits) {
    for (const std::int64_t batch : {2, 1}) { // threads share the batch, or the positions
        Problem p = problem();
        p.batch = batch;
        ASSERT_TRUE(applies(*GetParam(), p));
        KernelRun one(*GetParam(), p);
        ASSERT_EQ(one.run(1), Status::ok) << one.error();
        EXPECT_EQ(one.check(), "");
        for (int threads : {2, 3, 4}) {
            KernelRun several(*GetParam(), p);
            ASSERT_EQ(several.run(threads), Status::ok) << several.error();
            EXPECT_TRUE(one.same_bits(several)) << threads << " threads, batch " << batch;
        }
    }
}

TEST_P(Threads, ShareCopiesThatTheCacheLimits) {
    bool applied = false;
    for (const char *text : many_channels) {
        Problem p = parse_problem(text);
        p.order = GetParam()->order;
        p.element = GetParam()->element;
        if (!applies(*GetParam(), p))
            continue;
        applied = true;
        SCOPED_TRACE(text);
        KernelRun one(*GetParam(), p), two(*GetParam(), p);
        ASSERT_EQ(one.run(1), Status::ok) << one.error();
        EXPECT_EQ(one.check(), "");
        ASSERT_EQ(two.run(2), Status::ok) << two.error();
        EXPECT_TRUE(one.same_bits(two));
    }
    if (!applied)
        GTEST_SKIP() << "its copies are of one channel, or it applies to none of these problems";
}

TEST_P(Threads, ShareBlocksOfShortSignals) {
    const Kernel &kernel = *GetParam();
    for (const char *text : few_positions) {
        Problem p = parse_problem(text);
        p.order = kernel.order;
        p.element = kernel.element;
        p.residual = true;
        p.activation = Activation::tanh;
        if (!applies(kernel, p) || shared_blocks(kernel, p, PackedLayout(*kernel.schedule, p)) < 3)
            continue;
        SCOPED_TRACE(text);
        KernelRun one(kernel, p);
        ASSERT_EQ(one.run(1), Status::ok) << one.error();
        EXPECT_EQ(one.check(), "");
        bool shared = false;
        for (int threads : {2, 3, 4}) {
            const int calls = share_work(kernel, p, PackedLayout(*kernel.schedule, p), threads).calls;
            const auto executor = std::make_shared<CountingExecutor>(9);
            KernelRun several(kernel, p);
            ASSERT_EQ(several.run(threads, executor), Status::ok) << several.error();
            EXPECT_TRUE(one.same_bits(several)) << threads << " threads";
            KernelRun at_once(kernel, p);
            ASSERT_EQ(at_once.run(threads), Status::ok) << at_once.error();
            EXPECT_TRUE(one.same_bits(at_once)) << threads << " threads";
            if (calls > 1) {
                EXPECT_EQ(executor->most(), calls);
            }
            shared = shared || calls > 1;
        }
        EXPECT_TRUE(shared);
        return;
    }
    GTEST_SKIP() << "it applies to none of these problems, or has fewer than three blocks there";
}

TEST_P(Threads, AreTakenFromTheCallersExecutor) {
    const auto executor = std::make_shared<CountingExecutor>();
    KernelRun run(*GetParam(), problem());
    ASSERT_EQ(run.run(3, executor), Status::ok) << run.error();
    EXPECT_EQ(run.check(), "");
    EXPECT_GE(executor->most(), 2) << "a problem of " << problem().flops() << " FLOP was not shared";
    EXPECT_LE(executor->most(), 3);
}

WorkShares shares_of(const char *text, int threads) {
    const Problem p = parse_problem(text);
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    return share_work(*kernel, p, PackedLayout(*kernel->schedule, p), threads);
}

TEST(ThreadsOf, SharePositionsOrBlocks) {
    EXPECT_EQ(shares_of("conv_c64_l4000_f64_k5", 2).calls, 1);           // positions for all
    EXPECT_EQ(shares_of("conv_c512_l1_f512", 2).calls, 2);               // one position
    EXPECT_EQ(shares_of("conv_c512_l1_f512", 1).calls, 1);               // one thread
    EXPECT_EQ(shares_of("conv_n8_c64_l1_f512_k3_p3x3", 2).calls, 1);     // observations for all
    EXPECT_EQ(shares_of("conv_n3_c64_l9_f512_k3", 2).calls, 2);          // one observation is left over
    EXPECT_EQ(shares_of("conv_c512_l1_f1", 2).calls, 1);                 // one block
    EXPECT_EQ(shares_of("conv_c256_l600_f512_k16_s8_p8x0", 2).calls, 2); // 8 MB of weights
    EXPECT_EQ(shares_of("conv_c512_l9_f512_k5_g512", 2).calls, 2);       // depthwise
    EXPECT_EQ(shares_of("conv_c512_l1_f512_g2", 2).calls, 1);            // groups for all
}

/// Forgets every worker but the first.
class LazyExecutor final : public Executor {
public:
    void run(int, void (*work)(void *, int), void *state) noexcept override { work(state, 0); }
};

TEST(ThreadsOf, AnExecutorThatLeavesWorkersOutStillGivesTheResult) {
    const Problem p = parse_problem(large[0]);
    KernelRun run(*find_kernel(builtin_kernels(), p, best_target(builtin_kernels())), p);
    ASSERT_EQ(run.run(3, std::make_shared<LazyExecutor>()), Status::ok);
    EXPECT_EQ(run.check(), "");
}

TEST(ThreadsOf, NullPointersAreRefused) {
    const Problem p = parse_problem("conv_l9_k3");
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    const float ones[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    float output[7] = {};
    const PackedParameters<float> packed(*kernel->schedule, p, ones, nullptr);
    Workspace workspace(scratch_bytes(*kernel, p), 1);
    const Strides strides = dense_strides(p.order, p.length, 1, 1);
    const auto run = [&](const float *in, const PackedParameters<float> &parameters, float *out) {
        return run_kernel(*kernel, p, {in, strides}, parameters, {out, strides}, workspace);
    };
    EXPECT_EQ(run(nullptr, packed, output), Status::invalid_argument);
    EXPECT_EQ(run(ones, packed, nullptr), Status::invalid_argument);
    EXPECT_EQ(run(ones, PackedParameters<float>(), output), Status::invalid_argument);
    EXPECT_EQ(run(ones, packed, output), Status::ok);
    EXPECT_EQ(output[6], 3);
}

TEST(ThreadsOf, SmallProblemsAreTheCallersOnly) {
    const auto executor = std::make_shared<CountingExecutor>();
    Problem p = parse_problem("conv_n4_c4_l50_f8_k3");
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    ASSERT_NE(kernel, nullptr);
    KernelRun run(*kernel, p);
    ASSERT_EQ(run.run(4, executor), Status::ok);
    EXPECT_EQ(executor->most(), 0);
}

TEST(ThreadsOf, ShortSignalsAreShared) {
    for (const char *text : {"conv_c256_l100_f256_k9_p4x4", "tconv_c256_l100_f256_k8_s4"}) {
        const auto executor = std::make_shared<CountingExecutor>();
        const Problem p = parse_problem(text);
        const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
        ASSERT_NE(kernel, nullptr);
        KernelRun run(*kernel, p);
        ASSERT_EQ(run.run(2, executor), Status::ok);
        EXPECT_EQ(run.check(), "");
        EXPECT_EQ(executor->most(), 2) << text;
    }
}

TEST(ThreadsOf, ShareFewOperationsOnManyBytes) {
    for (const auto &[text, most] : {std::pair("conv_c512_l1000_f512_k3_g512", 2), // 3 MFLOP, 4 MB
                                     std::pair("conv_c64_l1000_f64_k3_g64", 0)}) { // 0.4 MFLOP, 0.5 MB
        const Problem p = parse_problem(text);
        const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
        ASSERT_NE(kernel, nullptr);
        const auto executor = std::make_shared<CountingExecutor>();
        KernelRun run(*kernel, p);
        ASSERT_EQ(run.run(2, executor), Status::ok);
        EXPECT_EQ(run.check(), "");
        EXPECT_EQ(executor->most(), most) << text;
    }
}

TEST(ThreadsOf, AwakeThreadsShareWhatIsNotWorthWakingOne) {
    const Problem p = parse_problem("conv_n4_c16_l100_f16_k3"); // 0.6 MFLOP
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    ASSERT_NE(kernel, nullptr);
    for (const int awake : {0, 1, 9}) {
        const auto executor = std::make_shared<CountingExecutor>(awake);
        KernelRun run(*kernel, p);
        ASSERT_EQ(run.run(4, executor), Status::ok);
        EXPECT_EQ(run.check(), "");
        EXPECT_EQ(executor->most(), std::vector({0, 2, 3})[static_cast<std::size_t>(std::min(awake, 2))]);
    }
}

TEST(ThreadsOf, TheProcessStayAwakeForAMoment) {
    const auto pool = shared_executor();
    pool->reserve(2);
    std::atomic<int> ran{0};
    const auto count = [](void *state, int) { ++*static_cast<std::atomic<int> *>(state); };
    bool awake = false, asleep = false;
    for (int i = 0; i < 100000 && !awake; i++) { // a busy machine lets them begin late
        pool->run(2, count, &ran);
        std::this_thread::sleep_for(std::chrono::microseconds(i % 100));
        awake = pool->awake() > 0;
        EXPECT_EQ(ran, 2 * (i + 1));
    }
    for (int i = 0; i < 10000 && !asleep; i++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        asleep = pool->awake() == 0;
    }
    EXPECT_TRUE(awake);
    EXPECT_TRUE(asleep);
}

#ifdef CONV1D_PLACES_THREADS
std::vector<int> processors() {
    cpu_set_t set;
    std::vector<int> all;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return all;
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &set))
            all.push_back(i);
    }
    return all;
}

/// Of a thread of the pool, while it takes part in a job of so many workers from a thread that stays on one
/// processor; none if all were slow.
std::vector<int> processors_of_worker(ThreadPool &pool, int workers, int caller) {
    struct Job {
        std::thread::id caller;
        std::atomic<bool> seen{false};
        std::vector<int> processors;
    } job;
    std::thread([&] {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(caller, &set);
        ASSERT_EQ(sched_setaffinity(0, sizeof set, &set), 0);
        job.caller = std::this_thread::get_id();
        const auto work = [](void *state, int worker) {
            auto &of = *static_cast<Job *>(state);
            for (int wait = 0; worker == 0 && wait < 5000 && !of.seen; wait++)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            if (std::this_thread::get_id() == of.caller || worker != 1)
                return;
            of.processors = processors();
            of.seen = true;
        };
        pool.run(workers, work, &job);
    }).join();
    return job.processors;
}

TEST(ThreadsOf, ThePoolKeepOffTheirCallersProcessor) {
    const std::vector<int> all = processors();
    const int count = static_cast<int>(all.size());
    if (count < 2)
        GTEST_SKIP() << "one processor, which all threads have to share";
    ThreadPool pool;
    pool.reserve(2);
    for (const int threads : {count, count + 1}) {
        pool.reserve(threads);
        for (const int caller : {all.front(), all.back()}) {
            std::vector<int> others = all;
            if (count < ThreadPlacement::many_processors)
                others.erase(std::find(others.begin(), others.end(), caller));
            EXPECT_EQ(processors_of_worker(pool, count, caller), others) << "caller on " << caller;
        }
    }
    ThreadPool unplaced;
    unplaced.reserve(count + 1);
    EXPECT_EQ(processors_of_worker(unplaced, count + 1, all.front()), all); // more threads than processors
}
#endif

TEST(ThreadsOf, SeveralCallersShareThePool) {
    const Problem p = parse_problem(large[0]);
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    ASSERT_NE(kernel, nullptr);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (unsigned caller = 0; caller < 4; caller++) {
        callers.emplace_back([&, caller] {
            KernelRun run(*kernel, p, caller);
            for (int i = 0; i < 5; i++)
                wrong += run.run(2) != Status::ok;
            wrong += !run.check().empty();
        });
    }
    for (std::thread &caller : callers)
        caller.join();
    EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace conv1d::testing
