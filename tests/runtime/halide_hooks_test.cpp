// What kernels call back: who gets which tasks of a parallel loop, and what of an input is fetched.
#include "runtime/src/call_context.h"
#include "runtime/src/fetched_rows.h"
#include "runtime/src/halide_hooks.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace conv1d {
namespace {

/// The last worker first, each until nothing is left.
class BackwardExecutor final : public Executor {
public:
    void run(int workers, void (*work)(void *, int), void *state) noexcept override {
        for (int w = workers - 1; w >= 0; w--)
            work(state, w);
    }
};

using Done = std::vector<std::pair<int, const CallContext *>>; // task, by whom

int note(void *context, int task, std::uint8_t *done) {
    reinterpret_cast<Done *>(done)->emplace_back(task, static_cast<const CallContext *>(context));
    return task == 6 ? 7 : 0;
}

/// Of a loop of so many tasks from 2 on, what was done, and its result.
std::pair<Done, int> run_loop(Workspace &workspace, int size) {
    Done done;
    CallContext &context = workspace.state()->begin_call(workspace.threads());
    const int result = halide_do_par_for(&context, note, 2, size, reinterpret_cast<std::uint8_t *>(&done));
    return {done, result};
}

TEST(ParallelLoop, EachWorkerTakesNeighboursAndThenWhatOthersLeave) {
    Workspace workspace(1000, 2, std::make_shared<BackwardExecutor>());
    const auto [done, result] = run_loop(workspace, 3);
    const CallContext *second = &workspace.state()->contexts[1];
    EXPECT_EQ(done, (Done{{3, second}, {4, second}, {2, second}}));
    EXPECT_EQ(result, 0);
}

TEST(ParallelLoop, AFailedTaskEndsIt) {
    Workspace workspace(1000, 3, std::make_shared<BackwardExecutor>());
    const auto [done, result] = run_loop(workspace, 9); // 2 to 4, 5 to 7, 8 to 10
    const CallContext *third = &workspace.state()->contexts[2];
    Done expected;
    for (const int task : {8, 9, 10, 2, 3, 4, 5, 6})
        expected.emplace_back(task, third);
    EXPECT_EQ(done, expected);
    EXPECT_EQ(result, 7);
}

/// 100 samples of 7 channels of 3 groups of 2 observations, with gaps between channels.
struct Signal {
    std::array<halide_dimension_t, 4> dimensions{{{0, 100, 1}, {0, 7, 110}, {0, 3, 770}, {0, 2, 2310}}};
    halide_buffer_t buffer{};

    Signal() {
        buffer.type = halide_type_of<float>();
        buffer.dimensions = 4;
        buffer.dim = dimensions.data();
    }
};

constexpr std::int64_t channel = 4 * 110, group = 7 * channel, batch = 3 * group; // bytes

void expect_rows(const FetchedRows &got, std::int64_t begin, std::int64_t bytes, std::int64_t rows) {
    EXPECT_EQ(got.begin, begin);
    EXPECT_EQ(got.row_bytes, bytes);
    EXPECT_EQ(got.rows, rows);
    EXPECT_EQ(got.apart, rows > 0 ? channel : 0);
}

TEST(FetchedRows, AreOfAPartOfTheChannels) {
    const Signal x;
    expect_rows(fetched_rows(x.buffer, 20, 30, 0, 1, 0, 0), 80, 120, 7);
    expect_rows(fetched_rows(x.buffer, 20, 30, 1, 3, 0, 0), 80 + 3 * channel, 120, 3);
    expect_rows(fetched_rows(x.buffer, 20, 30, 2, 3, 1, 1), 80 + 6 * channel + group + batch, 120, 1);
    expect_rows(fetched_rows(x.buffer, 20, 30, 3, 4, 0, 1), 80 + 6 * channel + batch, 120, 1);
}

TEST(FetchedRows, AreCutOffAtTheEndsOfTheSignal) {
    const Signal x;
    expect_rows(fetched_rows(x.buffer, -10, 30, 0, 7, 0, 0), 0, 80, 1);
    expect_rows(fetched_rows(x.buffer, 90, 30, 6, 7, 0, 0), 360 + 6 * channel, 40, 1);
}

TEST(FetchedRows, AreNoneBeyondTheSignalOrItsChannels) {
    const Signal x;
    expect_rows(fetched_rows(x.buffer, -30, 30, 0, 1, 0, 0), 0, 0, 0);
    expect_rows(fetched_rows(x.buffer, 100, 30, 0, 1, 0, 0), 0, 0, 0);
    expect_rows(fetched_rows(x.buffer, std::int64_t{1} << 40, 30, 0, 1, 0, 0), 0, 0, 0);
    expect_rows(fetched_rows(x.buffer, 20, 30, 7, 9, 0, 0), 0, 0, 0);
    expect_rows(fetched_rows(x.buffer, 20, 30, 4, 5, 0, 0), 0, 0, 0); // two a part: the fourth has the last
}

} // namespace
} // namespace conv1d
