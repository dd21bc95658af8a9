#include "bench/cases.h"

namespace conv1d::bench {
namespace {

Case make_case(const Layer &layer, const Problem &problem, const Kernel &kernel, int threads) {
    const std::string name = std::string(problem.operation == Operation::convolution ? "conv/" : "tconv/") +
                             layer.name + (problem.order == MemoryOrder::scb ? "/scb/" : "/cbt/") +
                             to_string(kernel.target) + "/" + kernel.schedule->name +
                             "/threads:" + std::to_string(threads);
    const bool chosen = find_kernel(builtin_kernels(), problem, kernel.target) == &kernel;
    return {name, layer.name, problem, &kernel, threads, chosen};
}

} // namespace

std::vector<Case> make_cases(const std::vector<Layer> &layers, const std::vector<Target> &targets,
                             int threads) {
    std::vector<Case> cases;
    for (const Layer &layer : layers) {
        for (const MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt}) {
            Problem problem = layer.problem;
            problem.order = order;
            for (const Target target : targets) {
                for (const Kernel &kernel : builtin_kernels()) {
                    if (kernel.target == target && applies(kernel, problem))
                        cases.push_back(make_case(layer, problem, kernel, threads));
                }
            }
        }
    }
    return cases;
}

} // namespace conv1d::bench
