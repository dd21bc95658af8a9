// Activations against their definitions on every binary exponent of their element type, where their
// approximations turn, and the stated bounds (generators/activation.h). Prints how far the worst is from
// each.
#include "activation_reference.h"
#include "conv1d/run_kernel.h"
#include "tolerance.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace conv1d::testing {
namespace {

constexpr double slope = 0.1; // of leaky-relu

/// x > 0 with f(x) = value, for an increasing f with f(0) = 0.
template <class Function>
double inverse(Function f, double value) {
    double low = 0, high = 200;
    for (int i = 0; i < 200; i++) {
        const double middle = (low + high) / 2;
        (f(middle) < value ? low : high) = middle;
    }
    return low;
}

/// Around the numbers at which e to the power of what an activation makes of them passes 2 to the power of a
/// half-integer: where the nearest multiple of ln 2, which the approximations take off, goes to the next.
template <class T>
void append_turns(std::vector<T> &numbers) {
    const auto gelu_tanh = [](double x) { return 2 * 0.79788456080286536 * (x + 0.044715 * x * x * x); };
    for (int multiple = 0; multiple < 128; multiple++) {
        const double argument = (multiple + 0.5) * 0.69314718055994531;
        for (const double turn :
             {argument, argument / 2, std::sqrt(2 * argument), inverse(gelu_tanh, argument)}) {
            T number = static_cast<T>(turn);
            for (int i = 0; i < 8; i++)
                number = std::nextafter(number, T(0));
            for (int i = 0; i < 16; i++, number = std::nextafter(number, T(1000)))
                numbers.insert(numbers.end(), {number, -number});
        }
    }
}

/// Numbers of both signs with every exponent, subnormal ones too, and the infinities.
template <class T>
std::vector<T> every_exponent(int of_each) {
    using Limits = std::numeric_limits<T>;
    std::mt19937 random(1);
    std::uniform_real_distribution<double> mantissa(0.5, 1);
    std::vector<T> numbers{0, Limits::infinity(), -Limits::infinity(), Limits::max(), Limits::lowest()};
    for (int exponent = Limits::min_exponent - Limits::digits; exponent <= Limits::max_exponent; exponent++) {
        for (int i = 0; i < of_each; i++) {
            const T number = static_cast<T>(std::ldexp(i == 0 ? 0.5 : mantissa(random), exponent));
            numbers.insert(numbers.end(), {number, -number});
        }
    }
    // Where the functions bend, more of them.
    std::uniform_real_distribution<double> near(-20, 20);
    for (int i = 0; i < 200 * of_each; i++)
        numbers.push_back(static_cast<T>(near(random)));
    append_turns(numbers);
    return numbers;
}

/// A pointwise layer of one channel whose weights are 1: its sums are its inputs.
template <class T>
std::vector<T> run_pointwise(const Kernel &kernel, Problem p, const std::vector<T> &x) {
    p.element = kernel.element;
    p.order = kernel.order;
    p.length = static_cast<std::int64_t>(x.size());
    p.filters = kernel.schedule->tile.filters;
    const std::vector<T> weights(static_cast<std::size_t>(p.filters), T(1));
    std::vector<T> output(x.size() * weights.size());
    const PackedParameters<T> packed(*kernel.schedule, p, weights.data(), nullptr);
    Workspace workspace(scratch_bytes(kernel, p), 1);
    const Strides in = dense_strides(p.order, p.length, 1, 1);
    const Strides out = dense_strides(p.order, p.length, p.filters, 1);
    EXPECT_EQ(run_kernel<T>(kernel, p, {x.data(), in}, packed, {output.data(), out}, workspace), Status::ok)
        << workspace.error();
    std::vector<T> last_filter;
    for (std::int64_t i = 0; i < p.length; i++)
        last_filter.push_back(
            output[static_cast<std::size_t>(i * out.position + (p.filters - 1) * out.channel)]);
    return last_filter;
}

struct Worst {
    double of_bound = 0; ///< error over the bound
    double units = 0;    ///< error over u |value|, there
    double at = 0;
    const Kernel *kernel = nullptr;
};

template <class T>
Worst compare(Activation kind, const std::vector<T> &x, const std::vector<T> &got) {
    constexpr ElementType element = element_of<T>;
    const double u = unit_roundoff(element);
    Worst worst;
    for (std::size_t i = 0; i < x.size(); i++) {
        const long double want =
            activation_value<long double>(kind, static_cast<long double>(x[i]), static_cast<T>(slope));
        const bool huge = std::fabs(want) > static_cast<long double>(std::numeric_limits<T>::max());
        if (std::isinf(want) || huge) {
            EXPECT_EQ(got[i],
                      want > 0 ? std::numeric_limits<T>::infinity() : -std::numeric_limits<T>::infinity())
                << to_string(kind) << '(' << x[i] << ')';
            continue;
        }
        const double size = std::abs(static_cast<double>(want));
        const double error = std::abs(static_cast<double>(static_cast<long double>(got[i]) - want));
        const double bound = activation_error(kind, element, static_cast<double>(x[i]), size);
        const double part = error == 0 ? 0 : error / bound;
        EXPECT_LE(part, 1) << to_string(kind) << '(' << x[i] << ") is " << got[i] << " instead of " << want;
        if (part > worst.of_bound || std::isnan(part))
            worst = {part, error / (u * size), static_cast<double>(x[i]), nullptr};
    }
    return worst;
}

/// The worst of every kernel, for the output's and the input's activation alike.
template <class T>
void check_kernel(const Kernel &kernel, std::array<Worst, activation_count> &worst) {
    const std::vector<T> x = every_exponent<T>(element_of<T> == ElementType::float32 ? 40 : 5);
    for (int i = 0; i < activation_count; i++) {
        const auto kind = static_cast<Activation>(i);
        for (const bool of_the_input : {false, true}) {
            Problem p;
            (of_the_input ? p.input_activation : p.activation) = kind;
            p.slope = p.input_slope = slope;
            SCOPED_TRACE(std::string(kernel.schedule->name) + " on " + to_string(kernel.target));
            Worst found = compare(kind, x, run_pointwise(kernel, p, x));
            found.kernel = &kernel;
            Worst &before = worst[static_cast<std::size_t>(i)];
            if (before.kernel == nullptr || found.of_bound > before.of_bound)
                before = found;
        }
    }
}

void print_row(ElementType element, Activation kind, const Worst &worst) {
    std::printf("%-8s %-10s %9.3f %9.2f %13g  %s on %s\n", to_string(element), to_string(kind),
                worst.of_bound, worst.units, worst.at, worst.kernel->schedule->name,
                to_string(worst.kernel->target));
}

/// Kernels of all targets here whose epilogues are code of their own: every schedule of the convolution in
/// one order, but for those that compute with a value's neighbours.
std::vector<const Kernel *> kernels() {
    std::vector<const Kernel *> all;
    for (const Kernel &kernel : builtin_kernels()) {
        const WeightOrder order = kernel.schedule->weight_order;
        const bool alone = order != WeightOrder::group_inner && order != WeightOrder::minimal_filter;
        if (is_supported(kernel.target) && kernel.operation == Operation::convolution && alone &&
            kernel.order == MemoryOrder::scb)
            all.push_back(&kernel);
    }
    return all;
}

TEST(Activations, StayWithinTheirBounds) {
    std::array<std::array<Worst, activation_count>, 2> worst;
    for (const Kernel *kernel : kernels()) {
        if (kernel->element == ElementType::float32)
            check_kernel<float>(*kernel, worst[0]);
        else
            check_kernel<double>(*kernel, worst[1]);
    }
    ASSERT_GE(kernels().size(), 4u);
    std::printf("Worst error of each activation over every binary exponent, by %zu kernels, as a part of its "
                "bound and in "
                "units of u |y|\n",
                kernels().size());
    std::printf("%-8s %-10s %9s %9s %13s  %s\n", "element", "activation", "of bound", "u |y|", "at",
                "kernel");
    for (const ElementType element : {ElementType::float32, ElementType::float64}) {
        for (int i = 0; i < activation_count; i++)
            print_row(element, static_cast<Activation>(i),
                      worst[static_cast<std::size_t>(element)][static_cast<std::size_t>(i)]);
    }
}

TEST(Activations, KeepNans) {
    for (const Kernel *kernel : kernels()) {
        if (kernel->element != ElementType::float32)
            continue;
        for (int i = 0; i < activation_count; i++) {
            Problem p;
            p.activation = static_cast<Activation>(i);
            const std::vector<float> x(70, std::numeric_limits<float>::quiet_NaN());
            for (const float y : run_pointwise(*kernel, p, x))
                EXPECT_TRUE(std::isnan(y)) << to_string(p.activation) << " with " << kernel->schedule->name;
        }
    }
}

} // namespace
} // namespace conv1d::testing
