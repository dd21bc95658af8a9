// With sanitizers only: every kernel's own loads and stores are watched, those of generated code among them.
#include "kernel_run.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

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

/// A problem that the kernel computes; not every schedule applies to all of them.
Problem problem_for(const Kernel &kernel) {
    for (const char *text :
         {"conv_c20_l200_f96_k3", "conv_c96_l200_f96_k3_g96", "conv_c96_l650_f96_k40_g96",
          "conv_c20_l200_f3_k32_s16", "conv_c20_l201_f96_k3_s2", "conv_c20_l2600_f96_k3_d1200"}) {
        Problem p = parse_problem(text);
        p.operation = kernel.operation;
        p.order = kernel.order;
        p.element = kernel.element;
        p.minimal_filtering = p.operation == Operation::convolution;
        if (applies(kernel, p))
            return p;
    }
    throw std::logic_error("none of these problems is one of " + std::string(kernel.schedule->name));
}

/// Runs a kernel with memory that lacks the last elements of input and output.
template <class T>
void run_short_as(const Kernel &kernel, std::size_t input_lacks, std::size_t output_lacks) {
    const Problem p = problem_for(kernel);
    const auto count = [](std::int64_t size) { return static_cast<std::size_t>(size); };
    const std::vector<T> input(count(p.channels * p.length) - input_lacks);
    std::vector<T> output(count(p.filters * p.output_length()) - output_lacks);
    const std::vector<T> weights(count(p.filters * p.channels_per_group() * p.taps));
    const PackedParameters<T> packed(*kernel.schedule, p, weights.data(), nullptr);
    Workspace workspace(scratch_bytes(kernel, p), 1);
    const Status status =
        run_kernel(kernel, p, {input.data(), dense_strides(p.order, p.length, p.channels, 1)}, packed,
                   {output.data(), dense_strides(p.order, p.output_length(), p.filters, 1)}, workspace);
    ASSERT_EQ(status, Status::ok) << workspace.error();
}

void run_short(const Kernel &kernel, std::size_t input_lacks, std::size_t output_lacks) {
    if (kernel.element == ElementType::float32)
        run_short_as<float>(kernel, input_lacks, output_lacks);
    else
        run_short_as<double>(kernel, input_lacks, output_lacks);
}

class InstrumentedKernels : public ::testing::TestWithParam<const Kernel *> {};

INSTANTIATE_TEST_SUITE_P(BuiltIn, InstrumentedKernels, ::testing::ValuesIn(supported_kernels()),
                         [](const auto &test) { return test_name(*test.param); });

TEST_P(InstrumentedKernels, AreCaughtReadingAndWritingPastTheEnd) {
    run_short(*GetParam(), 0, 0);
    EXPECT_DEATH(run_short(*GetParam(), 1, 0), "heap-buffer-overflow(.|\n)*READ");
    // Vectors of groups read what they blend the last of them with.
    const bool blends = GetParam()->schedule->weight_order == WeightOrder::group_inner;
    EXPECT_DEATH(run_short(*GetParam(), 0, 1),
                 blends ? "heap-buffer-overflow(.|\n)*(READ|WRITE)" : "heap-buffer-overflow(.|\n)*WRITE");
}

} // namespace
} // namespace conv1d::testing
