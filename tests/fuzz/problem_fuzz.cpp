// Problem strings, problems of any numbers, and what is worked out from a problem without running it.
#include "fuzz.h"

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
#include "conv1d/problem.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <cmath>
#include <optional>
#include <stdexcept>

namespace conv1d::fuzz {
namespace {

std::optional<Problem> parsed(std::string_view text) {
    try {
        return parse_problem(text);
    } catch (const std::invalid_argument &error) {
        const std::string prefix = "problem string '" + std::string(text) + "': ";
        require(std::string(error.what()).starts_with(prefix.c_str()), "the error begins with the text");
        return {};
    }
}

/// The text of a layer: long where it does not say how long.
void check_layer(std::string_view text) {
    try {
        const Problem p = parse_layer(text);
        require(is_layer(p, p) == (kernel_stride(p) == p.stride), "a layer that strides is one of itself");
    } catch (const std::invalid_argument &) { // as parsed() has it
    }
}

void check_round_trip(const Problem &p) {
    const std::string text = to_string(p);
    const std::optional<Problem> again = parsed(text);
    require(again.has_value() && *again == p, text + " is read as the problem that it was written from");
    require(to_string(*again) == text, text + " is written as it was read");
}

/// The lengths of geometry.h by what they are defined to do.
void check_geometry(const Problem &p) {
    require(p.output_length() >= 1, "a problem has an output");
    require(kernel_stride(p) >= 1, "a kernel's stride is positive");
    const auto outputs = [&](Ends ends) {
        return p.operation == Operation::convolution
                   ? convolution_length(p.length, ends, p.taps, p.stride, p.dilation)
                   : transposed_length(p.length, ends, p.taps, p.stride, p.dilation, 0);
    };
    for (const OddEnd odd : {OddEnd::right, OddEnd::left}) {
        if (p.operation == Operation::convolution) {
            const Ends ends = same_padding(p.length, p.taps, p.stride, p.dilation, odd);
            require(outputs(ends) == ceil_div(p.length, p.stride), "same padding gives ceil(length/stride)");
        } else {
            const Ends ends = same_cropping(p.taps, p.stride, p.dilation, odd);
            require(outputs(ends) == p.length * p.stride, "same cropping gives length*stride");
        }
    }
    if (p.operation == Operation::convolution) {
        const Ends ends = causal_padding(p.taps, p.dilation);
        require(outputs(ends) == ceil_div(p.length, p.stride), "causal padding gives ceil(length/stride)");
    }
}

void check_kernels(const Problem &p, std::string_view schedule) {
    for (int t = 0; t < target_count; t++) {
        const Target target{t};
        const Kernel *kernel = find_kernel(schedule_table(), p, target);
        const bool compiled = p.element == ElementType::float32 || !is_gpu(target);
        require(kernel != nullptr || !compiled, "every target has a kernel for " + to_string(p));
        if (kernel != nullptr) {
            require(kernel->target == target && applies(*kernel, p), "the kernel found is one that applies");
            require(find_kernel(schedule_table(), p, target, kernel->schedule->name) == kernel,
                    "it is found by its name");
            require(scratch_bytes(*kernel, p) < std::size_t{1} << 60, "its scratch memory is bounded");
        }
        const Kernel *named = find_kernel(schedule_table(), p, target, schedule);
        require(named == nullptr || schedule.empty() || named->schedule->name == schedule,
                "a name is obeyed");
    }
}

void check(const Problem &p, std::string_view schedule) {
    check_round_trip(p);
    check_geometry(p);
    check_kernels(p, schedule);
    require(std::isfinite(p.flops()) && p.flops() > 0 && std::isfinite(p.bytes()) && p.bytes() > 0,
            "operations and bytes are positive numbers");
}

/// A problem of any numbers, many of them small.
Problem any_problem(FuzzedDataProvider &bytes) {
    const auto any = [&] {
        return bytes.ConsumeBool() ? bytes.ConsumeIntegralInRange<std::int64_t>(-1, 64)
                                   : bytes.ConsumeIntegral<std::int64_t>();
    };
    Problem p;
    p.operation = bytes.ConsumeBool() ? Operation::convolution : Operation::transposed_convolution;
    for (std::int64_t Problem::*member :
         {&Problem::batch, &Problem::channels, &Problem::length, &Problem::filters, &Problem::taps,
          &Problem::stride, &Problem::dilation, &Problem::groups, &Problem::left, &Problem::right,
          &Problem::output_padding})
        p.*member = any();
    p.order = static_cast<MemoryOrder>(bytes.ConsumeIntegralInRange(0, 2));
    p.padding_mode = static_cast<PaddingMode>(bytes.ConsumeIntegralInRange(0, 4));
    p.padding_value = bytes.ConsumeFloatingPoint<float>();
    p.activation = static_cast<Activation>(bytes.ConsumeIntegralInRange(0, 7));
    p.slope = bytes.ConsumeFloatingPoint<float>();
    p.residual = bytes.ConsumeBool();
    return p;
}

} // namespace
} // namespace conv1d::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    using namespace conv1d;
    const std::string text(reinterpret_cast<const char *>(data), size);
    fuzz::check_layer(text);
    if (const std::optional<Problem> problem = fuzz::parsed(text))
        fuzz::check(*problem, text);
    FuzzedDataProvider bytes(data, size);
    const Problem problem = fuzz::any_problem(bytes);
    if (explain(problem).empty())
        fuzz::check(problem, bytes.ConsumeRemainingBytesAsString());
    try {
        fuzz::require(to_string(parse_target(text)) == text, "a target has one name");
    } catch (const std::invalid_argument &) { // most texts are the name of none
    }
    return 0;
}
