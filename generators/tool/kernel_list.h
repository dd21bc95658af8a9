#pragma once

#include "conv1d/kernel.h"

#include <set>
#include <string>
#include <vector>

/// The kernels of a table by schedule, for listings.
namespace conv1d::tool {

/// The schedules of a table, most specific first, each once.
std::vector<const Schedule *> schedules_of(KernelTable table);

/// Their names, with commas between them.
std::string schedule_names(KernelTable table);

/// \throws std::invalid_argument unless `kernel` is empty or names one of them
void check_kernel_name(const std::string &kernel, KernelTable table);

/// "conv" or "transposed", as the command line has it.
const char *operation_name(Operation operation);

/// E.g. "conv/float32/scb/x86-64-avx512/x86/avx512_positions": operation, element type, memory order,
/// instruction set, schedule.
std::string kernel_name(const Kernel &kernel);

/// What a schedule is compiled for.
struct Coverage {
    std::set<Operation> operations;
    std::set<ElementType> elements;
    std::set<MemoryOrder> orders;
    std::set<Target> targets;
};
Coverage coverage_of(const Schedule &schedule, KernelTable table);

/// Why no kernel of that schedule and tier, which is not `any`, computes the problem on that target, as the
/// end of a sentence; empty if one does.
std::string why_it_cannot(const Schedule &schedule, const Problem &problem, Target target, Tier tier);

/// The names of a set, with a space between two.
std::string to_string(const std::set<Operation> &operations);
std::string to_string(const std::set<ElementType> &elements);
std::string to_string(const std::set<MemoryOrder> &orders);
std::string to_string(const std::set<Target> &targets);

} // namespace conv1d::tool
