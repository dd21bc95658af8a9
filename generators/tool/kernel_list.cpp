#include "kernel_list.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace conv1d::tool {
namespace {

template <class Range, class Name>
std::string join(const Range &range, std::string_view separator, Name name) {
    std::string text;
    for (const auto &item : range)
        text += (text.empty() ? "" : std::string(separator)) + name(item);
    return text;
}

} // namespace

std::vector<const Schedule *> schedules_of(KernelTable table) {
    std::vector<const Schedule *> schedules;
    for (const Kernel &kernel : table) {
        if (std::ranges::find(schedules, kernel.schedule) == schedules.end())
            schedules.push_back(kernel.schedule);
    }
    return schedules;
}

std::string schedule_names(KernelTable table) {
    return join(schedules_of(table), ", ", [](const Schedule *schedule) { return schedule->name; });
}

void check_kernel_name(const std::string &kernel, KernelTable table) {
    const auto has_name = [&](const Schedule *schedule) { return kernel == schedule->name; };
    if (kernel.empty() || std::ranges::any_of(schedules_of(table), has_name))
        return;
    throw std::invalid_argument("--kernel is '" + kernel + "'; expected one of " + schedule_names(table));
}

const char *operation_name(Operation operation) {
    return operation == Operation::convolution ? "conv" : "transposed";
}

std::string kernel_name(const Kernel &kernel) {
    return std::string(operation_name(kernel.operation)) + "/" + to_string(kernel.element) + "/" +
           to_string(kernel.order) + "/" + to_string(kernel.target) + "/" + kernel.schedule->name;
}

Coverage coverage_of(const Schedule &schedule, KernelTable table) {
    Coverage coverage;
    for (const Kernel &kernel : table) {
        if (kernel.schedule == &schedule) {
            coverage.operations.insert(kernel.operation);
            coverage.elements.insert(kernel.element);
            coverage.orders.insert(kernel.order);
            coverage.targets.insert(kernel.target);
        }
    }
    return coverage;
}

std::string to_string(const std::set<Operation> &operations) {
    return join(operations, " ", operation_name);
}

std::string to_string(const std::set<ElementType> &elements) {
    return join(elements, " ", [](ElementType element) { return to_string(element); });
}

std::string to_string(const std::set<MemoryOrder> &orders) {
    return join(orders, " ", [](MemoryOrder order) { return to_string(order); });
}

std::string to_string(const std::set<Target> &targets) {
    return join(targets, " ", [](Target target) { return to_string(target); });
}

std::string why_it_cannot(const Schedule &schedule, const Problem &problem, Target target, Tier tier) {
    const Coverage has = coverage_of(schedule, schedule_table());
    if (!has.targets.contains(target))
        return "is for " + to_string(has.targets);
    if (!has.operations.contains(problem.operation))
        return "does not compute " + std::string(operation_name(problem.operation));
    if (!has.elements.contains(problem.element))
        return "does not compute " + std::string(to_string(problem.element));
    if (!has.orders.contains(problem.order))
        return "does not take memory order " + std::string(to_string(problem.order));
    const char *rejection =
        schedule.rejection(takes_reduced(schedule, tier) ? reduced_problem(problem) : problem);
    return rejection == nullptr ? "" : std::string("rejects the problem: ") + rejection;
}

} // namespace conv1d::tool
