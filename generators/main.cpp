// The generator program: Halide's own command line, with our short target names and a record of the time
// taken.
//
//   conv1d_generate -g conv1d -f NAME -n FILE -o DIR -e object target=x86-64-avx2 schedule=x86/avx2_positions
//   conv1d_generate -r NAME -o DIR -e object target=x86-64-linux       a runtime: Halide's target names
//   conv1d_generate --version                                          its own, and Halide's
//
// `time_file=FILE`, if given, gets the CPU seconds of the run. `features=NAMES`, if given, are Halide's
// target features to add to a kernel's target: `features=asan`.
#include "conv1d/target.h"
#include "schedules/stages.h"

#include <Halide.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace {

/// LLVM leaves sums in registers through nested loops if it sees that nothing else uses their memory; it
/// stops looking after 100 uses, which a register tile of a transposed convolution has more of, and sums by
/// two updates: then loops over few taps end with a store of every sum. Gradients of weights take 1.5 times
/// as long with it.
constexpr const char *llvm_arguments_for_many_uses = "-capture-tracking-max-uses-to-explore=1000";

/// To those of the environment.
void add_llvm_arguments(const char *arguments) {
    const char *given = std::getenv("HL_LLVM_ARGS");
    const std::string all = given == nullptr ? arguments : std::string(given) + " " + arguments;
    setenv("HL_LLVM_ARGS", all.c_str(), /*overwrite=*/1);
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bool take_value(const std::string &argument, const std::string &key, std::string &value) {
    if (argument.compare(0, key.size(), key) != 0)
        return false;
    value = argument.substr(key.size());
    return true;
}

/// Of a kernel whose sums LLVM sees used more often than it looks.
bool has_many_uses(const std::vector<std::string> &arguments) {
    std::string generator, schedule;
    for (std::size_t i = 0; i < arguments.size(); i++) {
        if (arguments[i] == "-g" && i + 1 < arguments.size())
            generator = arguments[i + 1];
        take_value(arguments[i], "schedule=", schedule);
    }
    return generator == "conv_transpose1d" ||
           (generator == "conv1d" && !schedule.empty() &&
            conv1d::schedules::find_schedule(schedule).schedule->pair_samples != 0);
}

int generate(int argc, char **argv) {
    if (argc == 2 && std::string(argv[1]) == "--version") {
        std::cout << "conv1d " CONV1D_VERSION ", Halide " << HALIDE_VERSION_MAJOR << '.'
                  << HALIDE_VERSION_MINOR << '.' << HALIDE_VERSION_PATCH << '\n';
        return 0;
    }
    std::vector<std::string> arguments(argv, argv + argc);
    bool runtime = false;
    for (const std::string &argument : arguments)
        runtime = runtime || argument == "-r";
    std::string time_file, features;
    if (has_many_uses(arguments))
        add_llvm_arguments(llvm_arguments_for_many_uses);
    for (const std::string &argument : arguments)
        if (take_value(argument, "features=", features) && !features.empty())
            features = "-" + features;
    std::vector<char *> passed;
    for (std::string &argument : arguments) {
        std::string value;
        if (take_value(argument, "time_file=", time_file) || take_value(argument, "features=", value))
            continue;
        if (!runtime && take_value(argument, "target=", value)) {
            argument = std::string("target=") + conv1d::halide_target(conv1d::parse_target(value)) +
                       "-no_runtime-user_context" + features;
        }
        passed.push_back(argument.data());
    }
    passed.push_back(nullptr);
    const int failed =
        Halide::Internal::generate_filter_main(static_cast<int>(passed.size()) - 1, passed.data());
    if (failed == 0 && !time_file.empty() && !(std::ofstream(time_file) << cpu_seconds() << '\n')) {
        std::cerr << "conv1d_generate: cannot write time_file '" << time_file << "'\n";
        return 1;
    }
    return failed;
}

} // namespace

int main(int argc, char **argv) {
    try {
        return generate(argc, argv);
    } catch (const std::exception &error) {
        std::cerr << "conv1d_generate: " << error.what() << '\n';
        return 1;
    }
}
