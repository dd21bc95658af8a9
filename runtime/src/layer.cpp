#include "conv1d/layer.h"

#include "error_text.h"
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

// Execution.

void Layer::set_threads(int threads) {
    if (threads < 1)
        refuse("threads is " + std::to_string(threads) + "; expected a positive integer");
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

Fault Layer::make_plan(const Shape &input, Plan &plan) const noexcept {
    plan.input = input;
    Fault fault = detail::check_input(setup_, plan);
    if (fault != Fault::none)
        return fault;
    std::tie(plan.problem.left, plan.problem.right) = ends_for(plan.problem.length);
    fault = detail::check_lengths(plan);
    if (fault != Fault::none)
        return fault;
    plan.kernel = find_kernel(kernels_, plan.problem, target_, schedule_);
    return detail::check_kernel(plan);
}

Plan Layer::checked_plan(const Shape &input) const {
    Plan plan;
    const Fault fault = make_plan(input, plan);
    if (fault != Fault::none)
        refuse(detail::sentence(fault, plan, {target_, schedule_, nullptr}));
    return plan;
}

Problem Layer::problem_for(std::string_view format, const Sizes &sizes) const {
    return checked_plan({format, sizes}).problem;
}

const Kernel &Layer::kernel_for(std::string_view format, const Sizes &sizes) const {
    return *checked_plan({format, sizes}).kernel;
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

Workspace Layer::make_workspace(const Tensor &input) const {
    return make_workspace(input.format(), input.sizes());
}

const PackedParameters *Layer::packed_for(const Schedule &schedule) const noexcept {
    for (const Packed &packed : packed_) {
        if (packed.filter_block == schedule.filter_block && packed.order == schedule.weight_order)
            return &packed.parameters;
    }
    return nullptr;
}

void Layer::prepare(const Plan &plan) {
    if (setup_.weights.empty())
        refuse(detail::sentence(Fault::no_weights, plan, {target_, schedule_, nullptr}));
    const Schedule &schedule = *plan.kernel->schedule;
    if (packed_for(schedule) == nullptr) {
        const float *bias = setup_.bias.empty() ? nullptr : setup_.bias.data();
        packed_.push_back({schedule.filter_block, schedule.weight_order,
                           PackedParameters(schedule, plan.problem, setup_.weights.data(), bias)});
    }
    if (workspace_.bytes_per_thread() < plan.scratch_bytes() || workspace_.threads() != threads_)
        workspace_ = Workspace(plan.scratch_bytes(), threads_, executor_);
}

void Layer::prepare(std::string_view format, const Sizes &sizes) {
    prepare(checked_plan({format, sizes}));
}

void Layer::prepare(const Tensor &input) {
    prepare(checked_plan(input.shape()));
}

// Running.

Tensor Layer::forward(const Tensor &input) {
    Tensor output(input.format(), checked_plan(input.shape()).output_sizes);
    forward(input, output);
    return output;
}

void Layer::forward(const Tensor &input, Tensor &output) {
    const Plan plan = checked_plan(input.shape());
    detail::SignalLayout layout;
    const Fault fault = detail::check_output(plan, input, output, layout);
    if (fault != Fault::none)
        refuse(detail::sentence(fault, plan, {target_, schedule_, &output.shape()}));
    prepare(plan);
    const Status status =
        run_kernel(*plan.kernel, plan.problem, input.data(), plan.layout.strides,
                   *packed_for(*plan.kernel->schedule), nullptr, output.data(), layout.strides, workspace_);
    if (status != Status::ok) {
        const std::string reason = workspace_.error();
        throw std::runtime_error(detail::layer_title(setup_.operation, setup_.name) + ": schedule '" +
                                 plan.kernel->schedule->name + "' failed on " + to_string(target_) + ": " +
                                 to_string(status) + (reason.empty() ? "" : ", " + reason));
    }
}

Status Layer::forward(const Tensor &input, Tensor &output, Workspace &workspace) const noexcept {
    Plan plan;
    detail::SignalLayout layout;
    if (make_plan(input.shape(), plan) != Fault::none ||
        detail::check_output(plan, input, output, layout) != Fault::none)
        return Status::invalid_argument;
    const PackedParameters *parameters = packed_for(*plan.kernel->schedule);
    if (parameters == nullptr)
        return Status::not_initialized;
    if (workspace.threads() < 1 || workspace.bytes_per_thread() < plan.scratch_bytes())
        return Status::workspace_too_small;
    return run_kernel(*plan.kernel, plan.problem, input.data(), plan.layout.strides, *parameters, nullptr,
                      output.data(), layout.strides, workspace);
}

} // namespace conv1d
