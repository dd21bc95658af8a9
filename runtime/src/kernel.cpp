#include "conv1d/kernel.h"

#include "reduced_problem.h"

#include <stdexcept>

namespace conv1d {

const char *to_string(Tier tier) noexcept {
    switch (tier) {
    case Tier::built_in:
        return "built-in";
    case Tier::specialised:
        return "specialised";
    case Tier::any:
        break;
    }
    return "any";
}

Problem reduced_problem(const Problem &problem) noexcept {
    return detail::reduced(problem).problem;
}

namespace {

/// What the schedule is asked about.
Problem asked(const Kernel &kernel, const Problem &problem) noexcept {
    return kernel.fixed == nullptr ? reduced_problem(problem) : problem;
}

/// Of a specialised kernel the schedule was chosen when it was generated.
bool yields(const Kernel &kernel, const Problem &problem) noexcept {
    const auto yields = kernel.schedule->yields;
    return kernel.fixed == nullptr && yields != nullptr && yields(asked(kernel, problem)) != nullptr;
}

} // namespace

bool applies(const Kernel &kernel, const Problem &problem) noexcept {
    return kernel.operation == problem.operation && kernel.element == problem.element &&
           kernel.order == problem.order && (kernel.fixed == nullptr || is_layer(*kernel.fixed, problem)) &&
           kernel.schedule->rejection(asked(kernel, problem)) == nullptr;
}

std::size_t scratch_bytes(const Kernel &kernel, const Problem &problem) noexcept {
    return kernel.schedule->scratch_bytes(asked(kernel, problem));
}

const Kernel *find_kernel(KernelTable table, const Problem &problem, Target target, std::string_view schedule,
                          Tier tier) noexcept {
    for (const Kernel &kernel : table) {
        if (kernel.target != target || (tier != Tier::any && tier != tier_of(kernel)) ||
            !applies(kernel, problem))
            continue;
        if (schedule.empty() ? !yields(kernel, problem) : schedule == kernel.schedule->name)
            return &kernel;
    }
    return nullptr;
}

const Kernel *choose_kernel(KernelTable table, const Problem &problem, Target target,
                            std::string_view schedule, Tier tier) noexcept {
    if (tier != Tier::built_in) {
        for (KernelTable linked : linked_kernels()) {
            if (const Kernel *kernel = find_kernel(linked, problem, target, schedule, Tier::specialised))
                return kernel;
        }
        if (const Kernel *kernel = find_kernel(table, problem, target, schedule, Tier::specialised))
            return kernel;
    }
    return tier == Tier::specialised ? nullptr
                                     : find_kernel(table, problem, target, schedule, Tier::built_in);
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
