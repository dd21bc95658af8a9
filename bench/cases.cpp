#include "bench/cases.h"

namespace conv1d::bench {
namespace {

/// A case without its name yet.
Case kernel_case(const Layer &layer, const Problem &problem, const Kernel &kernel, int threads) {
    const bool chosen = find_kernel(builtin_kernels(), problem, kernel.target) == &kernel;
    return {{}, layer.name, problem, &kernel, {}, threads, chosen};
}

Case onednn_case(const Layer &layer, const Problem &problem, bool two_dimensional, int threads) {
    return {{}, layer.name, problem, nullptr, {two_dimensional, Posing::Layout::plain}, threads, false};
}

std::string name_of(const Case &c) {
    return std::string(c.problem.operation == Operation::convolution ? "conv/" : "tconv/") + c.layer + '/' +
           to_string(c.problem.order) + '/' + c.target_name() + '/' + c.schedule_name() +
           "/threads:" + std::to_string(c.threads);
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
                        cases.push_back(kernel_case(layer, problem, kernel, threads));
                }
            }
            for (const bool two_dimensional : {false, true}) {
                if (is_plain_convolution(problem) && !onednn_version().empty())
                    cases.push_back(onednn_case(layer, problem, two_dimensional, threads));
            }
        }
    }
    for (Case &c : cases)
        c.name = name_of(c);
    return cases;
}

} // namespace conv1d::bench
