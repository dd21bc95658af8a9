// The GPU kernels: on OpenCL wherever there is a device (PoCL makes the processor one), on CUDA where there
// is a GPU.
#include "behaviours.h"
#include "conv1d/gpu_kernels.h"
#include "conv1d/layers.h"
#include "gpu_layer_kernels.h"
#include "kernel_run.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace conv1d::testing {
namespace {

struct Device {
    const char *name;
    KernelTable (*kernels)() noexcept;
};

void PrintTo(const Device &device, std::ostream *out) {
    *out << device.name;
}

class Gpu : public ::testing::TestWithParam<Device> {
protected:
    KernelTable kernels() const { return GetParam().kernels(); }

    /// Empty when there is a device; else why not.
    std::string missing() const {
        KernelRun run(*kernels().begin(), parse_problem("conv"));
        if (run.run() != Status::device_unavailable)
            return {};
        return std::string("no ") + GetParam().name + " device here (" + run.error() +
               "): its kernels were not run";
    }
};

INSTANTIATE_TEST_SUITE_P(Devices, Gpu,
                         ::testing::Values(Device{"OpenCL", opencl_kernels}, Device{"CUDA", cuda_kernels}),
                         [](const auto &test) { return std::string(test.param.name); });

TEST_P(Gpu, KernelsMatchTheDefinition) {
    if (const std::string why = missing(); !why.empty())
        GTEST_SKIP() << why;
    for (const Kernel &kernel : kernels()) {
        int ran = 0;
        for (const Behaviour &behaviour : behaviours) {
            const std::optional<Problem> p = problem_of(behaviour, kernel);
            if (!p)
                continue;
            KernelRun run(kernel, *p, 1, 5);
            ASSERT_EQ(run.run(), Status::ok)
                << describe(kernel) << ' ' << behaviour.name << ": " << run.error();
            EXPECT_EQ(run.check(), "") << describe(kernel) << ' ' << behaviour.name;
            ran++;
        }
        EXPECT_GT(ran, 10) << describe(kernel);
    }
}

TEST_P(Gpu, MissingDeviceIsAStatusAndTheProcessGoesOn) {
    if (missing().empty())
        GTEST_SKIP() << "there is a " << GetParam().name << " device: nothing is missing";
    for (const Kernel &kernel : kernels()) {
        const bool forward = kernel.operation == Operation::convolution;
        KernelRun run(kernel, parse_problem(forward ? "conv_c3_l20_f5_k3" : "tconv_c3_l20_f5_k3"));
        EXPECT_EQ(run.run(), Status::device_unavailable);
        EXPECT_NE(run.error(), "");
        EXPECT_TRUE(run.untouched());
    }
    const Problem p = parse_problem("conv_c3_l20_f5_k3");
    KernelRun on_cpu(*find_kernel(builtin_kernels(), p, best_target(builtin_kernels())), p);
    EXPECT_EQ(on_cpu.run(), Status::ok);
    EXPECT_EQ(on_cpu.check(), "");
}

TEST_P(Gpu, LayersUseSpecialisedKernelsOfTheTarget) {
    Convolution1DLayer layer(3, 16, {padding(1), num_channels(8), seed(1)});
    layer.set_kernels(kernels());
    const Kernel &kernel = layer.kernel_for("SCB", {300, 8, 1});
    EXPECT_EQ(tier_of(kernel), Tier::specialised);
    EXPECT_EQ(kernel.target, layer.target());
    if (const std::string why = missing(); !why.empty())
        GTEST_SKIP() << why;
    for (const Kernel &specialised : gpu_layer_kernels()) {
        if (specialised.target != layer.target())
            continue;
        KernelRun run(specialised, *specialised.fixed);
        ASSERT_EQ(run.run(), Status::ok) << to_string(*specialised.fixed) << ": " << run.error();
        EXPECT_EQ(run.check(), "") << to_string(*specialised.fixed);
        Problem other = *specialised.fixed;
        other.taps++;
        KernelRun refused(specialised, other);
        EXPECT_EQ(refused.run(), Status::kernel_failed);
    }
}

/// The layer, the schedule and the target are named, then what Halide's runtime says of the driver.
TEST(Semantics8, ADeviceThatIsNotThere) {
    int absent = 0;
    for (const KernelTable &table : {cuda_kernels(), opencl_kernels()}) {
        if (KernelRun probe(*table.begin(), parse_problem("conv")); probe.run() != Status::device_unavailable)
            continue;
        absent++;
        Convolution1DLayer layer(3, 1, {weights({1, 2, 3}), name("c")});
        layer.set_kernels(table);
        const Tensor x("SC", {10, 1});
        std::vector<float> memory(8, -7.0f);
        Tensor y("SC", {8, 1}, memory.data());
        try {
            layer.forward(x, y);
            ADD_FAILURE() << "nothing was thrown";
        } catch (const std::runtime_error &error) {
            const std::string start = "convolution1dLayer 'c': schedule 'gpu/direct' failed on " +
                                      std::string(to_string(layer.target())) + ": device unavailable, ";
            EXPECT_EQ(std::string(error.what()).substr(0, start.size()), start);
        }
        Workspace workspace = layer.make_workspace(x);
        EXPECT_EQ(layer.forward(x, y, workspace), Status::device_unavailable);
        EXPECT_EQ(memory, std::vector<float>(8, -7.0f));
    }
    if (absent == 0)
        GTEST_SKIP() << "there is a CUDA and an OpenCL device: nothing is missing";
}

} // namespace
} // namespace conv1d::testing
