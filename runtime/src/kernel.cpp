#include "conv1d/kernel.h"

#include <stdexcept>

namespace conv1d {

bool applies(const Kernel &kernel, const Problem &problem) noexcept {
    return kernel.operation == problem.operation && kernel.element == problem.element &&
           kernel.order == problem.order && kernel.schedule->rejection(problem) == nullptr;
}

const Kernel *find_kernel(KernelTable table, const Problem &problem, Target target,
                          std::string_view schedule) noexcept {
    for (const Kernel &kernel : table) {
        if (kernel.target != target || !applies(kernel, problem))
            continue;
        const auto yields = kernel.schedule->yields;
        const bool chosen = yields == nullptr || yields(problem) == nullptr;
        if (schedule.empty() ? chosen : schedule == kernel.schedule->name)
            return &kernel;
    }
    return nullptr;
}

const GradientKernel *find_gradient_kernel(GradientStep step, const Problem &problem,
                                           Target target) noexcept {
    for (const GradientKernel &kernel : gradient_kernels()) {
        if (kernel.step == step && kernel.target == target && kernel.element == problem.element &&
            kernel.order == problem.order && kernel.schedule->rejection(problem) == nullptr)
            return &kernel;
    }
    return nullptr;
}

Target best_target(KernelTable table) {
    const Kernel *best = nullptr;
    for (const Kernel &kernel : table) {
        if ((best == nullptr || kernel.target > best->target) && is_supported(kernel.target))
            best = &kernel;
    }
    if (best == nullptr) {
        throw std::runtime_error("no kernel of this table runs on this processor; expected one for its "
                                 "instruction set");
    }
    return best->target;
}

} // namespace conv1d
