// What activations and a residual add to a layer, beside what a pass over its output adds: a plain loop of
// the C library's functions, as a program would have it. One interleaved run.
#include "bench/interleaved.h"
#include "bench/layer_run.h"
#include "tests/activation_reference.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace conv1d::bench {
namespace {

constexpr const char *problems[] = {"conv_c80_l3000_f384_k3_p1x1", "conv_c128_l6400_f128_k11_d5_p25x25",
                                    "conv_c64_l128_f64_k5_p2x2", "tconv_c128_l3000_f64_k8_s4_p2x2"};

constexpr int rounds = 40;

void run_or_throw(LayerRun &run) {
    if (run.run() != Status::ok)
        throw std::runtime_error("a kernel failed after it had been verified");
}

/// One row: the layer with this epilogue over the plain layer, and the plain layer with a pass over the plain
/// layer.
void print_row(const Kernel &kernel, const Problem &plain, const Problem &problem, const char *name) {
    LayerRun without(kernel, plain, 1), with(kernel, problem, 1);
    for (LayerRun *run : {&without, &with}) {
        if (const std::string wrong = run->verify(); !wrong.empty())
            throw std::runtime_error(to_string(problem) + ": " + wrong);
    }
    std::vector<float> other(static_cast<std::size_t>(plain.batch * plain.filters * plain.output_length()),
                             0.5f);
    std::vector<float> values = other;
    const auto pass = [&] {
        for (std::size_t i = 0; i < values.size(); i++) {
            values[i] =
                testing::activation_value(problem.activation, values[i], static_cast<float>(problem.slope));
            if (problem.residual)
                values[i] += other[i];
        }
    };
    const int calls = plain.flops() > 1e8 ? 1 : 20;
    const std::vector<double> least =
        least_seconds({[&] { run_or_throw(without); }, [&] { run_or_throw(with); }, pass}, rounds, calls);
    std::printf("%-36s %s  %-22s %-11s %9.4f %9.3f %9.3f\n", to_string(plain).c_str(), to_string(plain.order),
                kernel.schedule->name, name, 1e3 * least[0], least[1] / least[0], 1 + least[2] / least[0]);
    std::fflush(stdout);
}

void print_rows(const char *text, MemoryOrder order) {
    Problem plain = parse_problem(text);
    plain.order = order;
    const Kernel &kernel = *find_kernel(builtin_kernels(), plain, best_target(builtin_kernels()));
    for (int i = 1; i < activation_count; i++) {
        Problem p = plain;
        p.activation = static_cast<Activation>(i);
        p.slope = p.activation == Activation::leaky_relu ? 0.1 : 0;
        print_row(kernel, plain, p, to_string(p.activation));
    }
    Problem residual = plain;
    residual.residual = true;
    print_row(kernel, plain, residual, "residual");
    Problem input = plain;
    input.input_activation = Activation::leaky_relu;
    input.input_slope = 0.1;
    print_row(kernel, plain, input, "input-leaky");
}

void run() {
    std::printf("%-36s %-3s  %-22s %-11s %9s %9s %9s\n", "layer", "", "schedule", "epilogue", "ms plain",
                "fused", "pass");
    for (const char *problem : problems) {
        for (const MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt})
            print_rows(problem, order);
    }
    std::printf("fused, pass: times over that of the plain layer, with the epilogue in the kernel and as a "
                "loop after it (of "
                "input-leaky the loop is left out). Least of %d interleaved rounds, one thread, %s, verified "
                "before.\n",
                rounds, to_string(best_target(builtin_kernels())));
}

} // namespace
} // namespace conv1d::bench

int main() {
    try {
        conv1d::bench::run();
    } catch (const std::exception &error) {
        std::fprintf(stderr, "epilogue_cost: %s\n", error.what());
        return 1;
    }
    return 0;
}
