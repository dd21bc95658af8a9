#include "commands.h"
#include "kernel_list.h"
#include "layer_maker.h"

#include <iomanip>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace conv1d::tool {
namespace {

/// The problem of the options or of the problem string.
Problem asked_problem(const Options &options) {
    if (!options.problem_text.empty())
        return parse_problem(options.problem_text);
    Options any_kernel = options; // the problem is the same on a target that this processor lacks
    any_kernel.target.reset();
    any_kernel.kernel.clear();
    return problem_of(any_kernel);
}

const Kernel &chosen_kernel(const Options &options, const Problem &problem, Target target) {
    const Kernel *kernel = find_kernel(schedule_table(), problem, target, options.kernel);
    if (kernel != nullptr)
        return *kernel;
    for (const Schedule *schedule : schedules_of(schedule_table())) {
        if (options.kernel == schedule->name)
            throw std::invalid_argument("--kernel is '" + options.kernel + "', which " +
                                        why_it_cannot(*schedule, problem, target, Tier::built_in) +
                                        "; expected one that applies to " + to_string(problem) + " on " +
                                        to_string(target));
    }
    throw std::invalid_argument("--target is " + std::string(to_string(target)) +
                                "; expected one with a kernel for " + to_string(problem));
}

constexpr int name_width = 32;

void print_line(std::ostream &out, std::string_view name, const std::string &value) {
    out << std::left << std::setw(name_width) << name << value << '\n';
}

std::string with_unit(double number, const char *unit) {
    return std::to_string(static_cast<long long>(number)) + " " + unit;
}

void print_problem(std::ostream &out, const Problem &p) {
    print_line(out, "problem", to_string(p));
    print_line(out, "memory order", to_string(p.order));
    print_line(out, "output",
               std::to_string(p.batch) + " x " + std::to_string(p.filters) + " x " +
                   std::to_string(p.output_length()) + " (batch, filters, length)");
    print_line(out, "operations", with_unit(p.flops(), "FLOP"));
    print_line(out, "input, weights, output", with_unit(p.bytes(), "bytes"));
}

void print_others(std::ostream &out, const Options &options, const Problem &problem, const Kernel &chosen) {
    bool earlier = true;
    for (const Schedule *schedule : schedules_of(schedule_table())) {
        if (schedule == chosen.schedule) {
            earlier = false;
            continue;
        }
        std::string why = why_it_cannot(*schedule, problem, chosen.target, Tier::built_in);
        const char *yields =
            schedule->yields == nullptr
                ? nullptr
                : schedule->yields(takes_reduced(*schedule, Tier::built_in) ? reduced_problem(problem)
                                                                            : problem);
        if (why.empty() && yields != nullptr)
            why = std::string("applies, but ") + yields;
        else if (why.empty())
            why = earlier ? "applies and comes first, but --kernel is " + options.kernel
                          : "applies, but comes later in the table";
        print_line(out, std::string("  ") + schedule->name, why);
    }
}

} // namespace

void explain(const Options &options, std::ostream &out) {
    check_kernel_name(options.kernel, schedule_table());
    const Problem problem = asked_problem(options);
    const Target target = options.target ? *options.target : best_target(builtin_kernels());
    const Kernel &chosen = chosen_kernel(options, problem, target);
    print_problem(out, problem);
    print_line(out, "workspace",
               with_unit(static_cast<double>(scratch_bytes(chosen, problem)), "bytes for each of ") +
                   with_unit(options.threads, options.threads == 1 ? "thread" : "threads"));
    print_line(out, "target", to_string(target));
    print_line(out, "kernel",
               std::string(chosen.schedule->name) +
                   (options.kernel.empty() ? ", the first of the table that applies" : ", as --kernel says"));
    out << "The other schedules:\n";
    print_others(out, options, problem, chosen);
}

} // namespace conv1d::tool
