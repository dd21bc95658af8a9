#include "options.h"

#include "option_text.h"

#include "conv1d/workspace.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace conv1d::tool {
namespace {

const CLI::Validator not_empty(
    [](const std::string &text) { return std::string(text.empty() ? "is ''; expected a name" : ""); }, "");

template <class Variable>
using Choices = std::vector<std::pair<std::string, Variable>>;

const Choices<std::string> formats{{"SCB", "SCB"}, {"CBT", "CBT"}, {"SCBT", "SCBT"}, {"SC", "SC"},
                                   {"CT", "CT"},   {"SCT", "SCT"}, {"CSB", "CSB"},   {"CTB", "CTB"}};
const Choices<OddEnd> sides{{"right", OddEnd::right}, {"left", OddEnd::left}};
const Choices<bool> filterings{{"direct", false}, {"minimal", true}};
const Choices<ElementType> elements{{"float32", ElementType::float32}, {"float64", ElementType::float64}};

Choices<Activation> activations() {
    Choices<Activation> choices;
    for (int i = 0; i < activation_count; i++)
        choices.emplace_back(to_string(static_cast<Activation>(i)), static_cast<Activation>(i));
    return choices;
}

/// An option whose text `read` turns into `value`. `shown` is its default in the help.
template <class Variable, class Read>
CLI::Option *add(CLI::App &command, const std::string &name, Variable &value, Read read,
                 const std::string &shown, const std::string &description) {
    const auto set = [name, &value, read](const std::string &text) { value = read(name, text); };
    return command.add_option_function<std::string>(name, set, description)
        ->type_name("WORD")
        ->default_str(shown);
}

/// One of several words, the first of which is the default.
template <class Variable>
CLI::Option *add_choice(CLI::App &command, const std::string &name, Variable &value,
                        Choices<Variable> choices, const std::string &description) {
    std::string words;
    for (const auto &[word, meaning] : choices)
        words += (words.empty() ? "" : ", ") + word;
    const std::string first = choices.front().first;
    const auto read = [choices = std::move(choices), words](const std::string &option,
                                                            const std::string &text) {
        const auto choice = std::ranges::find_if(choices, [&](const auto &c) { return c.first == text; });
        if (choice == choices.end())
            throw std::invalid_argument(option + " is '" + text + "'; expected one of " + words);
        return choice->second;
    };
    return add(command, name, value, read, first, description + ": " + words);
}

CLI::Option *add_integer(CLI::App &command, const std::string &name, std::int64_t &value, std::int64_t least,
                         const std::string &description) {
    const auto read = [least](const std::string &option, const std::string &text) {
        return read_integer(option, text, least, largest_integer);
    };
    return add(command, name, value, read, std::to_string(value), description)->type_name("N");
}

void add_padding(CLI::App &command, Options &options) {
    const auto read = [](const std::string &option, const std::string &text) {
        return read_ends(option, text, true);
    };
    add(command, "--padding", options.ends, read, "0",
        "Samples that stand outside the signal: N at both ends, LEFT,RIGHT, same (ceil(length/stride) "
        "outputs), or "
        "causal (no output sees a later sample)")
        ->type_name("ENDS");
    add(command, "--padding-value", options.padding_value, read_padding_value, "0",
        "What they hold: a number, replicate, symmetric-include-edge, symmetric-exclude-edge or circular")
        ->type_name("VALUE");
    add_integer(command, "--dilation", options.problem.dilation, 1,
                "Samples between neighbouring taps; 1: adjacent");
    add_choice(command, "--filtering", options.problem.minimal_filtering, filterings,
               "Whether fewer multiplications may round more");
}

void add_cropping(CLI::App &command, Options &options) {
    const auto read = [](const std::string &option, const std::string &text) {
        return read_ends(option, text, false);
    };
    add(command, "--cropping", options.ends, read, "0",
        "Samples taken off the output: N at both ends, LEFT,RIGHT, or same (length*stride outputs)")
        ->type_name("ENDS");
    add_integer(command, "--output-padding", options.problem.output_padding, 0,
                "Samples more at the output's right end");
    add_integer(command, "--dilation", options.problem.dilation, 1,
                "Outputs between those of neighbouring taps");
}

void add_activation(CLI::App &command, const std::string &prefix, Activation &activation,
                    std::optional<double> &slope, const std::string &when) {
    add_choice(command, "--" + prefix + "activation", activation, activations(), "Function applied " + when);
    std::ostringstream otherwise;
    otherwise << default_slope(Activation::leaky_relu);
    add(command, "--" + prefix + "slope", slope, read_number, otherwise.str(),
        "Slope of that leaky-relu below 0")
        ->type_name("NUMBER");
}

void add_layer(CLI::App &command, Options &options, Operation operation) {
    command.callback([&options, operation] { options.problem.operation = operation; });
    add_choice(command, "--format", options.format, formats,
               "Labels of the input's dimensions, the fastest first");
    add_integer(command, "--stride", options.problem.stride, 1,
                operation == Operation::convolution ? "Inputs between neighbouring outputs"
                                                    : "Outputs between neighbouring inputs");
    if (operation == Operation::convolution)
        add_padding(command, options);
    else
        add_cropping(command, options);
    add_choice(command, "--same-extra", options.same_extra, sides, "End that gets the odd sample of same");
    add_integer(command, "--groups", options.problem.groups, 1,
                "Groups of channels, each with filters of its own");
    add_activation(command, "", options.problem.activation, options.slope, "to the output");
    add_activation(command, "input-", options.problem.input_activation, options.input_slope,
                   "to the input first");
}

void add_machine(CLI::App &command, Options &options) {
    const auto threads = [](const std::string &option, const std::string &text) {
        return static_cast<int>(read_integer(option, text, 1, most_threads));
    };
    const auto target = [](const std::string &option, const std::string &text) {
        try {
            return parse_target(text);
        } catch (const std::invalid_argument &error) {
            throw std::invalid_argument(option + ": " + error.what());
        }
    };
    add(command, "--threads", options.threads, threads, "1", "Most threads of a call")->type_name("N");
    command
        .add_option("--kernel", options.kernel,
                    "Schedule to use, e.g. portable/any; the first that applies unless given")
        ->type_name("NAME")
        ->check(not_empty);
    add(command, "--target", options.target, target, "",
        "Instruction set to use, e.g. x86-64-avx2; the best there is unless given")
        ->type_name("NAME");
}

void add_sizes(CLI::App &command, Options &options) {
    Problem &p = options.problem;
    add_integer(command, "--batch", p.batch, 1, "Observations, the size of B");
    add_integer(command, "--channels", p.channels, 1, "Input channels, the size of C");
    add_integer(command, "--length", p.length, 1,
                "Input samples: the size of S, or of T in a format without S")
        ->required()
        ->default_str("");
    add_integer(command, "--steps", options.steps, 1, "Time steps, the size of T in a format with S");
    add_integer(command, "--filters", p.filters, 1, "Filters, the output's channels")
        ->required()
        ->default_str("");
    add_integer(command, "--taps", p.taps, 1, "Taps of a filter")->required()->default_str("");
    add_choice(command, "--type", p.element, elements, "Type of all numbers");
}

} // namespace

void add_run_options(CLI::App &command, Options &options, Operation operation) {
    const bool convolution = operation == Operation::convolution;
    const auto add_file = [&](const char *name, std::string &path, const std::string &description) {
        return command.add_option(name, path, description)->type_name("FILE")->check(not_empty);
    };
    add_file("--input", options.input,
             "Array x.npy: float32 or float64, C order, dimensions as --format says")
        ->required();
    add_file("--weights", options.weights,
             convolution ? "Array w.npy of shape (filters, channels/groups, taps), as PyTorch keeps it"
                         : "Array w.npy of shape (channels, filters/groups, taps), as PyTorch keeps it")
        ->required();
    add_file("--bias", options.bias, "Array b.npy of shape (filters,); none unless given");
    add_file("--residual", options.residual,
             "Array r.npy of the output's shape, added after the activation; none unless given");
    add_file("--output", options.output, "Array y.npy to write, whole or not at all")->required();
    add_layer(command, options, operation);
    add_machine(command, options);
    command.footer(
        "ENDS is N, LEFT,RIGHT or a word. An array lists the slowest dimension first: that of --format SCB "
        "has shape\n(B, C, S), that of CBT (T, B, C). Example:\n  conv1d run " +
        std::string(convolution ? "conv --stride 2 --padding same"
                                : "transposed --stride 2 --cropping same") +
        " --input x.npy --weights w.npy --output y.npy");
}

void add_time_options(CLI::App &command, Options &options, Operation operation) {
    add_sizes(command, options);
    add_layer(command, options, operation);
    add_machine(command, options);
    command.add_flag("--json", options.json, "Print one JSON object instead of a table");
}

void add_explain_options(CLI::App &command, Options &options, Operation operation) {
    add_sizes(command, options);
    add_layer(command, options, operation);
    add_machine(command, options);
}

void add_problem_options(CLI::App &command, Options &options) {
    command.add_option("--problem", options.problem_text,
                       "Problem string, e.g. conv_c80_l3000_f384_k3_p1x1, instead of conv or transposed");
    add_machine(command, options);
}

} // namespace conv1d::tool
