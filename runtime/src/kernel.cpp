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

/// A problem, and what schedules are asked about: worked out once for all of them.
class Question {
public:
    explicit Question(const Problem &problem) noexcept
        : problem_(problem), reduced_(reduced_problem(problem)) {}

    bool takes(const Kernel &kernel) const noexcept {
        return kernel.operation == problem_.operation && kernel.element == problem_.element &&
               kernel.order == problem_.order &&
               (kernel.fixed == nullptr || is_layer(*kernel.fixed, problem_)) &&
               kernel.schedule->rejection(asked(kernel)) == nullptr;
    }
    /// Of a specialised kernel the schedule was chosen when it was generated.
    bool yields(const Kernel &kernel) const noexcept {
        const auto yields = kernel.schedule->yields;
        return kernel.fixed == nullptr && yields != nullptr && yields(asked(kernel)) != nullptr;
    }
    std::size_t scratch_bytes(const Kernel &kernel) const noexcept {
        return kernel.schedule->scratch_bytes(asked(kernel));
    }

private:
    const Problem &asked(const Kernel &kernel) const noexcept {
        return takes_reduced(kernel) ? reduced_ : problem_;
    }

    const Problem &problem_;
    Problem reduced_;
};

const Kernel *find(KernelTable table, const Question &question, Target target, std::string_view schedule,
                   Tier tier) noexcept {
    for (const Kernel &kernel : table) {
        if (kernel.target != target || (tier != Tier::any && tier != tier_of(kernel)) ||
            !question.takes(kernel))
            continue;
        if (schedule.empty() ? !question.yields(kernel) : schedule == kernel.schedule->name)
            return &kernel;
    }
    return nullptr;
}

} // namespace

bool applies(const Kernel &kernel, const Problem &problem) noexcept {
    return Question(problem).takes(kernel);
}

std::size_t scratch_bytes(const Kernel &kernel, const Problem &problem) noexcept {
    return Question(problem).scratch_bytes(kernel);
}

const Kernel *find_kernel(KernelTable table, const Problem &problem, Target target, std::string_view schedule,
                          Tier tier) noexcept {
    return find(table, Question(problem), target, schedule, tier);
}

const Kernel *choose_kernel(KernelTable table, const Problem &problem, Target target,
                            std::string_view schedule, Tier tier) noexcept {
    const Question question(problem);
    if (tier != Tier::built_in) {
        for (KernelTable linked : linked_kernels()) {
            if (const Kernel *kernel = find(linked, question, target, schedule, Tier::specialised))
                return kernel;
        }
        if (const Kernel *kernel = find(table, question, target, schedule, Tier::specialised))
            return kernel;
    }
    return tier == Tier::specialised ? nullptr : find(table, question, target, schedule, Tier::built_in);
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
