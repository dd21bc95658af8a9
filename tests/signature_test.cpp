// The C headers that the generator writes beside the kernels declare the one signature that the runtime
// calls.
#include "conv1d/kernel.h"

#include <HalideRuntime.h>

#include <gtest/gtest.h>

#include <type_traits>

#if defined(__x86_64__)
#include "conv1d_scb_float32_portable_any_x86_64.h"
#include "conv_transpose1d_scb_float32_portable_any_x86_64.h"
#define FUNCTION_OF(operation) operation##_scb_float32_portable_any_x86_64
#else
#include "conv1d_scb_float32_portable_any_arm_64.h"
#include "conv_transpose1d_scb_float32_portable_any_arm_64.h"
#define FUNCTION_OF(operation) operation##_scb_float32_portable_any_arm_64
#endif

namespace conv1d {
namespace {

template <auto *function>
constexpr bool has_the_signature = std::is_convertible_v<decltype(function), KernelFunction>;

static_assert(has_the_signature<FUNCTION_OF(conv1d)>);
static_assert(has_the_signature<FUNCTION_OF(conv_transpose1d)>);

TEST(Signature, TheTableHoldsWhatTheHeadersDeclare) {
    const Target last = builtin_kernels().begin()[builtin_kernels().count - 1].target;
    Problem problem;
    const Kernel *conv = find_kernel(builtin_kernels(), problem, last, "portable/any");
    ASSERT_NE(conv, nullptr);
    EXPECT_EQ(conv->run, &FUNCTION_OF(conv1d));
    problem.operation = Operation::transposed_convolution;
    const Kernel *transposed = find_kernel(builtin_kernels(), problem, last, "portable/any");
    ASSERT_NE(transposed, nullptr);
    EXPECT_EQ(transposed->run, &FUNCTION_OF(conv_transpose1d));
}

} // namespace
} // namespace conv1d
