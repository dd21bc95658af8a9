// What generated code reports goes to the workspace of the call that failed, whatever other threads do.
#include "conv1d/run_kernel.h"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace conv1d {
namespace {

/// A problem that no kernel computes, and what every call of it reports.
struct Failing {
    Problem problem;
    Status status = Status::ok;
    std::string first_error;
    int different = 0; ///< calls that reported otherwise
};

void fail_repeatedly(Failing &failing, std::latch &start) {
    const Problem &p = failing.problem;
    const Kernel *kernel = find_kernel(builtin_kernels(), p, best_target(builtin_kernels()));
    const std::vector<float> input(50), weights(3);
    std::vector<float> output(50);
    const PackedParameters<float> packed(*kernel->schedule, p, weights.data(), nullptr);
    Workspace workspace(scratch_bytes(*kernel, p), 1);
    const Strides strides = dense_strides(p.order, p.length, 1, 1);
    start.arrive_and_wait();
    for (int call = 0; call < 20000; call++) {
        failing.status =
            run_kernel(*kernel, p, {input.data(), strides}, packed, {output.data(), strides}, workspace);
        if (call == 0)
            failing.first_error = workspace.error();
        failing.different += failing.first_error != workspace.error();
    }
}

TEST(ThreadErrors, StayApart) {
    std::array<Failing, 2> failing;
    for (Failing &f : failing)
        f.problem = parse_problem("conv_l50_k3_p1x1");
    failing[0].problem.input_activation = static_cast<Activation>(99);
    failing[1].problem.activation = static_cast<Activation>(99);
    std::latch start(2);
    std::thread first([&] { fail_repeatedly(failing[0], start); });
    std::thread second([&] { fail_repeatedly(failing[1], start); });
    first.join();
    second.join();
    for (const Failing &f : failing) {
        EXPECT_EQ(f.status, Status::kernel_failed);
        EXPECT_EQ(f.different, 0) << f.first_error;
    }
    EXPECT_NE(failing[0].first_error.find("input_activation"), std::string::npos) << failing[0].first_error;
    EXPECT_NE(failing[1].first_error.find("activation"), std::string::npos) << failing[1].first_error;
    EXPECT_EQ(failing[1].first_error.find("input"), std::string::npos) << failing[1].first_error;
}

} // namespace
} // namespace conv1d
