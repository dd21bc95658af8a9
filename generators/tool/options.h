#pragma once

#include "conv1d/options.h"
#include "conv1d/problem.h"
#include "conv1d/target.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace conv1d::tool {

/// What the command line says, of every command: each uses its part.
struct Options {
    /// Operation, element type, stride, dilation, groups, output padding and activations; sizes too, which
    /// `run` takes from its files. Its order and what stands outside the signal are not used: the format and
    /// the fields below say it.
    Problem problem;
    std::optional<double> slope, input_slope; ///< those of leaky-relu, if given
    std::string problem_text;                 ///< explain: --problem, which replaces all of the above

    std::string format = "SCB";
    std::int64_t steps = 1; ///< size of T in a format that has S too
    Value ends{0};          ///< padding or cropping
    Value padding_value{0};
    OddEnd same_extra = OddEnd::right;

    std::string input, weights, bias, residual, output; ///< paths; no bias, no residual if empty

    int threads = 1;
    std::string kernel;           ///< the first that applies if empty
    std::optional<Target> target; ///< the best there is if none
    bool json = false;
};

/// Options of `run conv` and `run transposed`, their operation among them.
void add_run_options(CLI::App &command, Options &options, Operation operation);
/// Of `time conv|transposed`.
void add_time_options(CLI::App &command, Options &options, Operation operation);
/// Of `explain conv|transposed`, and of `explain` itself, which takes a problem string.
void add_explain_options(CLI::App &command, Options &options, Operation operation);
void add_problem_options(CLI::App &command, Options &options);

} // namespace conv1d::tool
