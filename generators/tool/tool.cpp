#include "tool.h"

#include "commands.h"

#include <algorithm>
#include <exception>
#include <new>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace conv1d::tool {
namespace {

using AddOptions = void (*)(CLI::App &, Options &, Operation);

/// `conv` and `transposed`, the second word of a command.
void add_operations(CLI::App &command, Options &options, AddOptions add) {
    add(*command.add_subcommand(
            "conv", "y[i, f] = bias[f] + sum over c, k of x[i*stride + k*dilation - left, c] * w[f, c, k]"),
        options, Operation::convolution);
    add(*command.add_subcommand(
            "transposed",
            "Its adjoint: y[i*stride + k*dilation - left, f] += x[i, c] * w[c, f, k], plus bias[f]"),
        options, Operation::transposed_convolution);
}

/// The command line. What it says is in `options` and in which command was parsed.
class CommandLine {
public:
    CommandLine() {
        app.set_version_flag("--version", "conv1d " CONV1D_VERSION);
        app.require_subcommand(0, 1);
        app.footer("conv1d COMMAND --help and conv1d COMMAND conv --help say more.");
        add_operations(*run->require_subcommand(0, 1), options, add_run_options);
        add_operations(*time->require_subcommand(0, 1), options, add_time_options);
        add_operations(*explain->require_subcommand(0, 1), options, add_explain_options);
        add_problem_options(*explain, options);
    }

    CLI::App app{
        "One-dimensional convolution layers: runs them on NumPy's .npy files, times them, and explains "
        "which kernel is used.",
        "conv1d"};
    CLI::App *run = app.add_subcommand("run", "Apply a layer to a .npy file");
    CLI::App *time = app.add_subcommand("time", "Verify a layer on noise, then measure its speed");
    CLI::App *explain = app.add_subcommand("explain", "Say which kernel a problem gets, and why no other");
    CLI::App *info = app.add_subcommand("info", "List targets, kernels and the machine");
    Options options;
};

/// What CLI11 would ask for before it looks at a word that it does not know.
void need_one_of(const CLI::App &command, const std::string &other_than_these = "") {
    if (!command.get_subcommands().empty())
        return;
    std::string names;
    for (const CLI::App *known : command.get_subcommands([](const CLI::App *) { return true; }))
        names += (names.empty() ? "" : ", ") + known->get_name();
    throw std::invalid_argument(command.get_name() + " expects one of " + names + other_than_these +
                                "; see --help");
}

void execute(const CommandLine &line, std::ostream &out) {
    need_one_of(line.app);
    if (line.run->parsed()) {
        need_one_of(*line.run);
        run(line.options, out);
    } else if (line.time->parsed()) {
        need_one_of(*line.time);
        time(line.options, out);
    } else if (line.explain->parsed()) {
        if (line.options.problem_text.empty())
            need_one_of(*line.explain, ", --problem");
        else if (!line.explain->get_subcommands().empty())
            throw std::invalid_argument("--problem is '" + line.options.problem_text +
                                        "' beside sizes; expected one of them");
        explain(line.options, out);
    } else {
        info(out);
    }
    if (!out.flush())
        throw std::runtime_error("the results cannot be written to the standard output");
}

int parse_and_execute(int argc, const char *const *argv, std::ostream &out, std::ostream &err) {
    CommandLine line;
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + std::max(argc, 0));
    std::ranges::reverse(arguments); // as CLI11 takes them
    try {
        line.app.parse(arguments);
    } catch (const CLI::Success &help) {
        return line.app.exit(help, out, err);
    } catch (const CLI::ParseError &error) {
        err << "conv1d: " << error.what() << "; see --help\n";
        return 2;
    }
    execute(line, out);
    return 0;
}

} // namespace

int run_tool(int argc, const char *const *argv, std::ostream &out, std::ostream &err) {
    try {
        return parse_and_execute(argc, argv, out, err);
    } catch (const std::invalid_argument &error) {
        err << "conv1d: " << error.what() << '\n';
        return 2;
    } catch (const std::bad_alloc &) {
        err << "conv1d: out of memory\n";
    } catch (const std::exception &error) {
        err << "conv1d: " << error.what() << '\n';
    }
    return 1;
}

} // namespace conv1d::tool
