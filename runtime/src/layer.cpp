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

AnyLayer::AnyLayer(detail::LayerSetup setup)
    : setup_(std::move(setup)), kernels_(builtin_kernels()), target_(best_target(kernels_)) {
    if (effective_filter_size(setup_.filter_size, setup_.dilation) > largest_size) {
        refuse("DilationFactor is " + std::to_string(setup_.dilation) +
               "; expected an effective filter size (FilterSize-1)*DilationFactor + 1 of at most " +
               std::to_string(largest_size));
    }
    const double count = static_cast<double>(setup_.filter_size) * static_cast<double>(setup_.num_filters) *
                         static_cast<double>(setup_.num_channels.value_or(1)) /
                         static_cast<double>(setup_.groups);
    if (count > static_cast<double>(largest_size)) {
        refuse("NumFilters is " + std::to_string(setup_.num_filters) +
               "; expected FilterSize*NumChannels*NumFilters of at most " + std::to_string(largest_size));
    }
}

void AnyLayer::refuse(const std::string &sentence) const {
    throw std::invalid_argument(detail::layer_title(setup_.operation, setup_.name) + ": " + sentence);
}

void AnyLayer::refuse(Fault fault, const Plan &plan) const {
    refuse(detail::sentence(fault, plan, {target_, schedule_, tier_}));
}

// Hyperparameters and factors.

Sizes AnyLayer::weights_size(std::int64_t channels) const {
    return setup_.operation == Operation::transposed_convolution
               ? Sizes{filter_size(), num_filters() / groups(), channels}
               : Sizes{filter_size(), channels / groups(), num_filters()};
}

Ends AnyLayer::ends_for(std::int64_t length) const noexcept {
    const bool transposed = setup_.operation == Operation::transposed_convolution;
    switch (setup_.mode) {
    case EndsMode::same:
        return transposed ? same_cropping(filter_size(), stride(), setup_.dilation, setup_.same_extra)
                          : same_padding(length, filter_size(), stride(), setup_.dilation, setup_.same_extra);
    case EndsMode::causal:
        return causal_padding(filter_size(), setup_.dilation);
    case EndsMode::manual:
        break;
    }
    return setup_.ends;
}

double AnyLayer::checked_factor(const char *option, double factor) const {
    if (!detail::is_factor(factor)) {
        refuse(std::string(option) + " is " + to_string(Value(factor)) + "; expected " +
               std::string(detail::factor_domain));
    }
    return factor;
}

void AnyLayer::set_weight_learn_rate_factor(double factor) {
    setup_.weights_settings.learn_rate_factor = checked_factor("WeightLearnRateFactor", factor);
}

void AnyLayer::set_bias_learn_rate_factor(double factor) {
    setup_.bias_settings.learn_rate_factor = checked_factor("BiasLearnRateFactor", factor);
}

void AnyLayer::set_weight_l2_factor(double factor) {
    setup_.weights_settings.l2_factor = checked_factor("WeightL2Factor", factor);
}

void AnyLayer::set_bias_l2_factor(double factor) {
    setup_.bias_settings.l2_factor = checked_factor("BiasL2Factor", factor);
}

// Execution.

void AnyLayer::set_threads(int threads) {
    if (threads < 1 || threads > most_threads) {
        refuse("threads is " + std::to_string(threads) + "; expected from 1 to " +
               std::to_string(most_threads));
    }
    threads_ = threads;
    workspace_ = Workspace();
}

void AnyLayer::set_executor(std::shared_ptr<Executor> executor) {
    executor_ = std::move(executor);
    workspace_ = Workspace();
}

void AnyLayer::set_kernels(KernelTable kernels) {
    for (const Kernel &kernel : kernels) {
        if (kernel.run == nullptr) {
            refuse("kernel of schedule '" + std::string(kernel.schedule->name) +
                   "' has no function; expected a table of compiled kernels");
        }
    }
    target_ = best_target(kernels);
    kernels_ = kernels;
    schedule_.clear();
    force_tier(Tier::any);
}

void AnyLayer::force_target(Target target) {
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
    plan_is_kept_ = false;
}

void AnyLayer::force_schedule(std::string schedule) {
    const auto has_name = [&](const Kernel &kernel) { return schedule == kernel.schedule->name; };
    if (!schedule.empty() && std::none_of(kernels_.begin(), kernels_.end(), has_name)) {
        refuse("schedule '" + schedule + "' is unknown; expected the name of one in the kernel table");
    }
    schedule_ = std::move(schedule);
    plan_is_kept_ = false;
}

// Planning.

Fault AnyLayer::plan_shapes(const Shape &input, const Shape *output, const Shape *residual,
                            Plan &plan) const noexcept {
    plan.input = input;
    Fault fault = detail::check_input(setup_, plan);
    if (fault != Fault::none)
        return fault;
    std::tie(plan.problem.left, plan.problem.right) = ends_for(plan.problem.length);
    fault = detail::check_lengths(plan);
    return fault == Fault::none ? detail::check_output(output, residual, plan) : fault;
}

Fault AnyLayer::make_plan(const Shape &input, const Shape *output, const Shape *residual,
                          Plan &plan) const noexcept {
    Fault fault = plan_shapes(input, output, residual, plan);
    if (fault != Fault::none)
        return fault;
    plan.kernel = choose_kernel(kernels_, plan.problem, target_, schedule_, tier_);
    fault = detail::check_kernel(plan);
    if (fault == Fault::none)
        plan.scratch_bytes = scratch_bytes(*plan.kernel, plan.problem);
    return fault;
}

void AnyLayer::keep_plan(const Plan &plan) {
    if (plan_is_kept_ && &plan == kept_.get())
        return;
    if (kept_ == nullptr)
        kept_ = std::make_shared<Plan>();
    *kept_ = plan;
    plan_is_kept_ = true;
}

const Plan *AnyLayer::kept_plan(const Shape &input, const Shape *output,
                                const Shape *residual) const noexcept {
    if (!plan_is_kept_ || kept_ == nullptr || input != kept_->input ||
        (output != nullptr && *output != kept_->output) || kept_->problem.residual != (residual != nullptr) ||
        (residual != nullptr && *residual != kept_->residual))
        return nullptr;
    return kept_.get();
}

Plan AnyLayer::checked_plan(const Shape &input, const Shape *output, const Shape *residual) const {
    Plan plan;
    const Fault fault = make_plan(input, output, residual, plan);
    if (fault != Fault::none)
        refuse(fault, plan);
    return plan;
}

Plan AnyLayer::checked_shapes(const Shape &input) const {
    Plan plan;
    const Fault fault = plan_shapes(input, nullptr, nullptr, plan);
    if (fault != Fault::none)
        refuse(fault, plan);
    return plan;
}

Problem AnyLayer::problem_for(std::string_view format, const Sizes &sizes) const {
    return checked_shapes({format, sizes}).problem;
}

const Kernel &AnyLayer::kernel_for(std::string_view format, const Sizes &sizes) const {
    return *checked_plan({format, sizes}).kernel;
}

const Kernel &AnyLayer::kernel_for(const Shape &input, const Shape &output) const {
    return *checked_plan(input, &output).kernel;
}

const Kernel &AnyLayer::kernel_for(const Shape &input, const Shape &residual, const Shape &output) const {
    return *checked_plan(input, &output, &residual).kernel;
}

Sizes AnyLayer::output_sizes(std::string_view format, const Sizes &sizes) const {
    return checked_shapes({format, sizes}).output_sizes;
}

std::size_t AnyLayer::workspace_bytes(std::string_view format, const Sizes &sizes) const {
    return checked_plan({format, sizes}).scratch_bytes;
}

Workspace AnyLayer::make_workspace(std::string_view format, const Sizes &sizes) const {
    return Workspace(workspace_bytes(format, sizes), threads_, executor_);
}

Workspace AnyLayer::make_workspace(const Shape &input) const {
    return Workspace(checked_plan(input).scratch_bytes, threads_, executor_);
}

Workspace AnyLayer::make_workspace(const Shape &input, const Shape &output) const {
    return Workspace(checked_plan(input, &output).scratch_bytes, threads_, executor_);
}

Workspace AnyLayer::make_workspace(const Shape &input, const Shape &residual, const Shape &output) const {
    return Workspace(checked_plan(input, &output, &residual).scratch_bytes, threads_, executor_);
}

void AnyLayer::grow_workspace(std::size_t bytes_per_thread) {
    if (workspace_.bytes_per_thread() < bytes_per_thread || workspace_.threads() != threads_)
        workspace_ = Workspace(bytes_per_thread, threads_, executor_);
}

void AnyLayer::fail(const Schedule &schedule, Status status) const {
    const std::string reason = workspace_.error();
    throw std::runtime_error(detail::layer_title(setup_.operation, setup_.name) + ": schedule '" +
                             schedule.name + "' failed on " + to_string(target_) + ": " + to_string(status) +
                             (reason.empty() ? "" : ", " + reason));
}

} // namespace conv1d
