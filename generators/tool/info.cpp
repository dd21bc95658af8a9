#include "commands.h"
#include "kernel_list.h"

#include "bench/machine.h"

#include <iomanip>
#include <ostream>
#include <thread>

namespace conv1d::tool {
namespace {

void print_targets(std::ostream &out) {
    std::set<Target> built_in;
    for (const Kernel &kernel : builtin_kernels())
        built_in.insert(kernel.target);
    out << "Targets:\n";
    for (int t = 0; t < target_count; t++) {
        const Target target{t};
        out << "  " << std::left << std::setw(16) << to_string(target)
            << (!built_in.contains(target) ? "not in this program"
                : is_supported(target)     ? "supported"
                                           : "not supported by this processor")
            << (target == best_target(builtin_kernels()) ? ", chosen unless --target is given" : "") << '\n';
    }
}

void print_schedules(std::ostream &out) {
    out << "Kernels, the first that applies is used:\n  " << std::left << std::setw(30) << "schedule"
        << std::setw(18) << "operations" << std::setw(18) << "element types" << std::setw(18)
        << "memory orders"
        << "targets\n";
    for (const Schedule *schedule : schedules_of(schedule_table())) {
        const Coverage has = coverage_of(*schedule, schedule_table());
        out << "  " << std::setw(30) << schedule->name << std::setw(18) << to_string(has.operations)
            << std::setw(18) << to_string(has.elements) << std::setw(18) << to_string(has.orders)
            << to_string(has.targets) << '\n';
    }
}

} // namespace

void info(std::ostream &out) {
    out << "conv1d " CONV1D_VERSION "\n"
        << bench::processor() << ", " << std::thread::hardware_concurrency() << " threads\n";
    print_targets(out);
    print_schedules(out);
}

} // namespace conv1d::tool
