#include "conv1d/layer.h"

#include "error_text.h"
#include "initializers.h"
#include "layer_check.h"
#include "option_reader.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace conv1d {

using detail::Fault;
using detail::largest_size;
using detail::Plan;

const char *to_string(EndsMode mode) noexcept {
    switch (mode) {
    case EndsMode::same:
        return "same";
    case EndsMode::causal:
        return "causal";
    case EndsMode::manual:
        break;
    }
    return "manual";
}

Layer::Layer(detail::LayerSetup setup)
    : setup_(std::move(setup)), kernels_(builtin_kernels()), target_(best_target(kernels_)) {
    if (effective_filter_size(setup_.filter_size, setup_.dilation) > largest_size) {
        refuse("DilationFactor is " + std::to_string(setup_.dilation) +
               "; expected an effective filter size (FilterSize-1)*DilationFactor + 1 of at most " +
               std::to_string(largest_size));
    }
    const double count = static_cast<double>(setup_.filter_size) * static_cast<double>(setup_.num_filters) *
                         static_cast<double>(setup_.num_channels.value_or(1));
    if (count > static_cast<double>(largest_size)) {
        refuse("NumFilters is " + std::to_string(setup_.num_filters) +
               "; expected FilterSize*NumChannels*NumFilters of at most " + std::to_string(largest_size));
    }
    set_weights(std::exchange(setup_.weights, {}));
    set_bias(std::exchange(setup_.bias, {}));
}

void Layer::refuse(const std::string &sentence) const {
    throw std::invalid_argument(detail::layer_title(setup_.operation, setup_.name) + ": " + sentence);
}

// Parameters.

void Layer::set_weights(std::vector<float> weights) {
    const auto count = static_cast<std::int64_t>(weights.size());
    const std::int64_t per_channel = setup_.filter_size * setup_.num_filters;
    const std::int64_t expected = per_channel * setup_.num_channels.value_or(1);
    if (setup_.num_channels && count != 0 && count != expected) {
        refuse("Weights is an array of " + std::to_string(count) + " floats; expected " +
               std::to_string(expected) + ", FilterSize*NumChannels*NumFilters");
    }
    if (count % per_channel != 0) {
        refuse("Weights is an array of " + std::to_string(count) + " floats; expected a multiple of " +
               std::to_string(per_channel) + ", FilterSize*NumFilters");
    }
    packed_.clear();
    setup_.weights = std::move(weights);
    if (count != 0)
        setup_.num_channels = count / per_channel;
}

void Layer::set_bias(std::vector<float> bias) {
    const auto count = static_cast<std::int64_t>(bias.size());
    if (count != 0 && count != setup_.num_filters) {
        refuse("Bias is an array of " + std::to_string(count) + " floats; expected " +
               std::to_string(setup_.num_filters) + ", NumFilters");
    }
    packed_.clear();
    setup_.bias = std::move(bias);
}

void Layer::initialize(const Plan &plan) {
    const std::int64_t channels = plan.problem.channels;
    const bool transposed = setup_.operation == Operation::transposed_convolution;
    const Sizes weights_size = transposed ? Sizes{filter_size(), num_filters(), channels}
                                          : Sizes{filter_size(), channels, num_filters()};
    const bool no_weights = setup_.weights.empty();
    const bool no_bias = setup_.bias.empty();
    std::vector<float> weights, bias;
    if (no_weights)
        weights = first_values("WeightsInitializer", setup_.weights_settings, weights_size, channels, 0);
    if (no_bias)
        bias = first_values("BiasInitializer", setup_.bias_settings, Sizes{1, num_filters()}, channels, 1);
    // Both at the end, so that a layer whose initializer fails stays as it was.
    if (no_weights)
        set_weights(std::move(weights));
    if (no_bias)
        set_bias(std::move(bias));
}

std::vector<float> Layer::first_values(std::string_view option, const detail::ParameterSettings &settings,
                                       const Sizes &size, std::int64_t channels, std::uint64_t stream) const {
    std::int64_t count = 1;
    for (const std::int64_t extent : size)
        count *= extent;
    if (!settings.function) {
        return detail::initial_values(
            settings.initializer,
            {count, filter_size() * channels, filter_size() * num_filters(), setup_.seed, stream});
    }
    std::vector<float> values = settings.function(size);
    if (static_cast<std::int64_t>(values.size()) != count) {
        refuse(std::string(option) + " returned " + std::to_string(values.size()) + " values; expected " +
               std::to_string(count) + " for the size " + detail::list_text(size));
    }
    return values;
}

void Layer::initialize(std::string_view format, const Sizes &sizes) {
    initialize(checked_plan({format, sizes}));
}

void Layer::initialize(const ConstTensor &input) {
    initialize(checked_plan(input.shape()));
}

double Layer::checked_factor(const char *option, double factor) const {
    if (!detail::is_factor(factor)) {
        refuse(std::string(option) + " is " + to_string(Value(factor)) + "; expected " +
               std::string(detail::factor_domain));
    }
    return factor;
}

void Layer::set_weight_learn_rate_factor(double factor) {
    setup_.weights_settings.learn_rate_factor = checked_factor("WeightLearnRateFactor", factor);
}

void Layer::set_bias_learn_rate_factor(double factor) {
    setup_.bias_settings.learn_rate_factor = checked_factor("BiasLearnRateFactor", factor);
}

void Layer::set_weight_l2_factor(double factor) {
    setup_.weights_settings.l2_factor = checked_factor("WeightL2Factor", factor);
}

void Layer::set_bias_l2_factor(double factor) {
    setup_.bias_settings.l2_factor = checked_factor("BiasL2Factor", factor);
}

// Execution.

void Layer::set_threads(int threads) {
    if (threads < 1 || threads > most_threads) {
        refuse("threads is " + std::to_string(threads) + "; expected from 1 to " +
               std::to_string(most_threads));
    }
    threads_ = threads;
    workspace_ = Workspace();
}

void Layer::set_executor(std::shared_ptr<Executor> executor) {
    executor_ = std::move(executor);
    workspace_ = Workspace();
}

void Layer::set_kernels(KernelTable kernels) {
    for (const Kernel &kernel : kernels) {
        if (kernel.run == nullptr) {
            refuse("kernel of schedule '" + std::string(kernel.schedule->name) +
                   "' has no function; expected a table of compiled kernels");
        }
    }
    target_ = best_target(kernels);
    kernels_ = kernels;
    schedule_.clear();
}

void Layer::force_target(Target target) {
    if (!is_supported(target)) {
        refuse("target is " + std::string(to_string(target)) + "; expected one that this processor supports");
    }
    std::vector<std::string_view> targets;
    for (const Kernel &kernel : kernels_) {
        const std::string_view name = to_string(kernel.target);
        if (std::find(targets.begin(), targets.end(), name) == targets.end())
            targets.push_back(name);
    }
    const std::string_view wanted = to_string(target);
    if (std::find(targets.begin(), targets.end(), wanted) == targets.end()) {
        refuse("target is " + std::string(wanted) +
               "; expected one of the kernel table: " + detail::join(targets));
    }
    target_ = target;
}

void Layer::force_schedule(std::string schedule) {
    const auto has_name = [&](const Kernel &kernel) { return schedule == kernel.schedule->name; };
    if (!schedule.empty() && std::none_of(kernels_.begin(), kernels_.end(), has_name)) {
        refuse("schedule '" + schedule + "' is unknown; expected the name of one in the kernel table");
    }
    schedule_ = std::move(schedule);
}

// Planning.

Fault Layer::make_plan(const Shape &input, const Shape *output, Plan &plan) const noexcept {
    plan.input = input;
    Fault fault = detail::check_input(setup_, plan);
    if (fault != Fault::none)
        return fault;
    std::tie(plan.problem.left, plan.problem.right) = ends_for(plan.problem.length);
    fault = detail::check_lengths(plan);
    if (fault == Fault::none)
        fault = detail::check_output(output, plan);
    if (fault != Fault::none)
        return fault;
    plan.kernel = find_kernel(kernels_, plan.problem, target_, schedule_);
    return detail::check_kernel(plan);
}

Plan Layer::checked_plan(const Shape &input, const Shape *output) const {
    Plan plan;
    const Fault fault = make_plan(input, output, plan);
    if (fault != Fault::none)
        refuse(detail::sentence(fault, plan, {target_, schedule_}));
    return plan;
}

Problem Layer::problem_for(std::string_view format, const Sizes &sizes) const {
    return checked_plan({format, sizes}).problem;
}

const Kernel &Layer::kernel_for(std::string_view format, const Sizes &sizes) const {
    return *checked_plan({format, sizes}).kernel;
}

const Kernel &Layer::kernel_for(const ConstTensor &input, const ConstTensor &output) const {
    return *checked_plan(input.shape(), &output.shape()).kernel;
}

Sizes Layer::output_sizes(std::string_view format, const Sizes &sizes) const {
    return checked_plan({format, sizes}).output_sizes;
}

std::size_t Layer::workspace_bytes(std::string_view format, const Sizes &sizes) const {
    return checked_plan({format, sizes}).scratch_bytes();
}

Workspace Layer::make_workspace(std::string_view format, const Sizes &sizes) const {
    return Workspace(workspace_bytes(format, sizes), threads_, executor_);
}

Workspace Layer::make_workspace(const ConstTensor &input) const {
    return Workspace(checked_plan(input.shape()).scratch_bytes(), threads_, executor_);
}

Workspace Layer::make_workspace(const ConstTensor &input, const ConstTensor &output) const {
    return Workspace(checked_plan(input.shape(), &output.shape()).scratch_bytes(), threads_, executor_);
}

const PackedParameters *Layer::packed_for(const Schedule &schedule) const noexcept {
    for (const Packed &packed : packed_) {
        if (packed.filter_block == schedule.filter_block && packed.order == schedule.weight_order)
            return &packed.parameters;
    }
    return nullptr;
}

void Layer::prepare(const Plan &plan) {
    initialize(plan);
    const Schedule &schedule = *plan.kernel->schedule;
    if (packed_for(schedule) == nullptr) {
        packed_.push_back(
            {schedule.filter_block, schedule.weight_order,
             PackedParameters(schedule, plan.problem, setup_.weights.data(), setup_.bias.data())});
    }
    if (workspace_.bytes_per_thread() < plan.scratch_bytes() || workspace_.threads() != threads_)
        workspace_ = Workspace(plan.scratch_bytes(), threads_, executor_);
}

void Layer::prepare(std::string_view format, const Sizes &sizes) {
    prepare(checked_plan({format, sizes}));
}

void Layer::prepare(const ConstTensor &input) {
    prepare(checked_plan(input.shape()));
}

void Layer::prepare(const ConstTensor &input, const ConstTensor &output) {
    prepare(checked_plan(input.shape(), &output.shape()));
}

// Running.

Status Layer::run(const Plan &plan, const float *input, float *output, Workspace &workspace) const noexcept {
    const detail::Batches &batches = plan.batches;
    const PackedParameters &parameters = *packed_for(*plan.kernel->schedule);
    Problem problem = plan.problem;
    problem.batch = batches.batch;
    Status status = Status::ok;
    for (std::int64_t i = 0; i < batches.calls && status == Status::ok; i++) {
        status = run_kernel(*plan.kernel, problem, input + i * batches.input_step, batches.input, parameters,
                            nullptr, output + i * batches.output_step, batches.output, workspace);
    }
    return status;
}

Tensor Layer::forward(const ConstTensor &input) {
    Tensor output(input.format(), checked_plan(input.shape()).output_sizes);
    forward(input, output);
    return output;
}

void Layer::forward(const ConstTensor &input, Tensor &output) {
    const Plan plan = checked_plan(input.shape(), &output.shape());
    if (const Fault fault = detail::check_memory(input, output); fault != Fault::none)
        refuse(detail::sentence(fault, plan, {target_, schedule_}));
    prepare(plan);
    const Status status = run(plan, input.data(), output.data(), workspace_);
    if (status != Status::ok) {
        const std::string reason = workspace_.error();
        throw std::runtime_error(detail::layer_title(setup_.operation, setup_.name) + ": schedule '" +
                                 plan.kernel->schedule->name + "' failed on " + to_string(target_) + ": " +
                                 to_string(status) + (reason.empty() ? "" : ", " + reason));
    }
}

Status Layer::forward(const ConstTensor &input, Tensor &output, Workspace &workspace) const noexcept {
    Plan plan;
    if (make_plan(input.shape(), &output.shape(), plan) != Fault::none ||
        detail::check_memory(input, output) != Fault::none)
        return Status::invalid_argument;
    if (packed_for(*plan.kernel->schedule) == nullptr)
        return Status::not_initialized;
    if (workspace.threads() < 1 || workspace.bytes_per_thread() < plan.scratch_bytes())
        return Status::workspace_too_small;
    return run(plan, input.data(), output.data(), workspace);
}

} // namespace conv1d
