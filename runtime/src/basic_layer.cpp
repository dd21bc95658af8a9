#include "conv1d/layer.h"

#include "error_text.h"
#include "initializers.h"
#include "layer_check.h"

#include <string>
#include <utility>

namespace conv1d {

using detail::Fault;
using detail::Plan;

template <class T>
BasicLayer<T>::BasicLayer(detail::LayerSetup setup, std::vector<T> weights, std::vector<T> bias)
    : AnyLayer(std::move(setup)) {
    set_weights(std::move(weights));
    set_bias(std::move(bias));
}

// Parameters.

namespace {

template <class T>
std::string array_text(const char *name, const std::vector<T> &values) {
    return std::string(name) + " is an array of " + std::to_string(values.size()) +
           (element_of<T> == ElementType::float32 ? " floats" : " doubles");
}

} // namespace

template <class T>
void BasicLayer<T>::set_weights(std::vector<T> weights) {
    const auto count = static_cast<std::int64_t>(weights.size());
    const std::int64_t per_channel_of_each_group = filter_size() * num_filters();
    const std::string in_groups = groups() == 1 ? "" : "/Groups";
    if (num_channels() && count != 0) {
        const std::int64_t expected = per_channel_of_each_group * (*num_channels() / groups());
        if (count != expected)
            refuse(array_text("Weights", weights) + "; expected " + std::to_string(expected) +
                   ", FilterSize*NumChannels" + in_groups + "*NumFilters");
    }
    if (count % per_channel_of_each_group != 0) {
        refuse(array_text("Weights", weights) + "; expected a multiple of " +
               std::to_string(per_channel_of_each_group) + ", FilterSize*NumFilters");
    }
    forget_packed();
    weights_ = std::move(weights);
    if (count != 0)
        set_num_channels(count / per_channel_of_each_group * groups());
}

template <class T>
void BasicLayer<T>::set_bias(std::vector<T> bias) {
    if (!bias.empty() && static_cast<std::int64_t>(bias.size()) != num_filters()) {
        refuse(array_text("Bias", bias) + "; expected " + std::to_string(num_filters()) + ", NumFilters");
    }
    forget_packed();
    bias_ = std::move(bias);
}

template <class T>
void BasicLayer<T>::initialize(const Plan &plan) {
    const std::int64_t channels = plan.problem.channels;
    const bool no_weights = weights_.empty();
    const bool no_bias = bias_.empty();
    std::vector<T> weights, bias;
    if (no_weights)
        weights =
            first_values("WeightsInitializer", setup().weights_settings, weights_size(channels), channels, 0);
    if (no_bias)
        bias = first_values("BiasInitializer", setup().bias_settings, Sizes{1, num_filters()}, channels, 1);
    // Both at the end, so that a layer whose initializer fails stays as it was.
    if (no_weights)
        set_weights(std::move(weights));
    if (no_bias)
        set_bias(std::move(bias));
}

template <class T>
std::vector<T> BasicLayer<T>::first_values(std::string_view option, const detail::ParameterSettings &settings,
                                           const Sizes &size, std::int64_t channels,
                                           std::uint64_t stream) const {
    std::int64_t count = 1;
    for (const std::int64_t extent : size)
        count *= extent;
    const BasicInitializerFunction<T> *function = settings.function.template function<T>();
    if (function == nullptr) {
        return detail::initial_values<T>(settings.initializer,
                                         {count, filter_size() * channels / groups(),
                                          filter_size() * num_filters() / groups(), seed(), stream});
    }
    std::vector<T> values = (*function)(size);
    if (static_cast<std::int64_t>(values.size()) != count) {
        refuse(std::string(option) + " returned " + std::to_string(values.size()) + " values; expected " +
               std::to_string(count) + " for the size " + detail::list_text(size));
    }
    return values;
}

template <class T>
void BasicLayer<T>::initialize(std::string_view format, const Sizes &sizes) {
    initialize(checked_shapes({format, sizes}));
}

template <class T>
void BasicLayer<T>::initialize(const ConstTensorT &input) {
    initialize(checked_shapes(input.shape()));
}

// Preparing.

template <class T>
void BasicLayer<T>::forget_packed() noexcept {
    packed_.clear();
    for (BackwardParameters *packed : {&backward_forward_, &backward_adjoint_, &backward_reversed_})
        packed->filter_block = 0;
}

template <class T>
const PackedParameters<T> *BasicLayer<T>::packed_for(const Schedule &schedule) const noexcept {
    for (const Packed &packed : packed_) {
        if (packed.filter_block == schedule.tile.filters && packed.order == schedule.weight_order)
            return &packed.parameters;
    }
    return nullptr;
}

template <class T>
void BasicLayer<T>::prepare(const Plan &plan) {
    initialize(plan);
    const Schedule &schedule = *plan.kernel->schedule;
    if (packed_for(schedule) == nullptr) {
        packed_.push_back({schedule.tile.filters, schedule.weight_order,
                           PackedParameters<T>(schedule, plan.problem, weights_.data(), bias_.data())});
    }
    grow_workspace(plan.scratch_bytes);
    keep_plan(plan);
}

template <class T>
void BasicLayer<T>::prepare(std::string_view format, const Sizes &sizes) {
    prepare(checked_plan({format, sizes}));
}

template <class T>
void BasicLayer<T>::prepare(const ConstTensorT &input) {
    prepare(checked_plan(input.shape()));
}

template <class T>
void BasicLayer<T>::prepare(const ConstTensorT &input, const ConstTensorT &output) {
    prepare(checked_plan(input.shape(), &output.shape()));
}

template <class T>
void BasicLayer<T>::prepare(const ConstTensorT &input, const ConstTensorT &residual,
                            const ConstTensorT &output) {
    prepare(checked_plan(input.shape(), &output.shape(), &residual.shape()));
}

// Running.

template <class T>
Status BasicLayer<T>::run(const Plan &plan, const T *input, const T *residual, T *output,
                          Workspace &workspace) const noexcept {
    const detail::Batches &batches = plan.batches;
    const PackedParameters<T> &parameters = *packed_for(*plan.kernel->schedule);
    Problem problem = plan.problem;
    problem.batch = batches.batch;
    Status status = Status::ok;
    for (std::int64_t i = 0; i < batches.calls && status == Status::ok; i++) {
        Signal<const T> added;
        if (residual != nullptr)
            added = {residual + i * batches.residual.step, batches.residual.strides};
        status = run_kernel(*plan.kernel, problem, {input + i * batches.input.step, batches.input.strides},
                            parameters, {output + i * batches.output.step, batches.output.strides}, workspace,
                            added);
    }
    return status;
}

namespace {

template <class T>
Fault check_all_memory(const BasicConstTensor<T> &input, const BasicConstTensor<T> *residual,
                       const BasicConstTensor<T> &output) noexcept {
    const Fault fault = detail::check_memory(input, output);
    return fault != Fault::none || residual == nullptr ? fault
                                                       : detail::check_residual_memory(*residual, output);
}

template <class T>
const Shape *shape_of(const BasicConstTensor<T> *tensor) noexcept {
    return tensor == nullptr ? nullptr : &tensor->shape();
}

} // namespace

template <class T>
void BasicLayer<T>::forward(const ConstTensorT &input, const ConstTensorT *residual, TensorT &output) {
    if (const Plan *kept = kept_plan(input.shape(), &output.shape(), shape_of(residual)))
        return forward(*kept, input, residual, output);
    forward(checked_plan(input.shape(), &output.shape(), shape_of(residual)), input, residual, output);
}

template <class T>
void BasicLayer<T>::forward(const Plan &plan, const ConstTensorT &input, const ConstTensorT *residual,
                            TensorT &output) {
    if (const Fault fault = check_all_memory<T>(input, residual, output); fault != Fault::none)
        refuse(fault, plan);
    prepare(plan);
    const T *added = residual == nullptr ? nullptr : residual->data();
    if (const Status status = run(plan, input.data(), added, output.data(), workspace());
        status != Status::ok)
        fail(*plan.kernel->schedule, status);
}

template <class T>
Status BasicLayer<T>::forward(const ConstTensorT &input, const ConstTensorT *residual, TensorT &output,
                              Workspace &workspace) const noexcept {
    const Plan *kept = kept_plan(input.shape(), &output.shape(), shape_of(residual));
    if (kept != nullptr)
        return forward(*kept, input, residual, output, workspace);
    Plan plan;
    if (make_plan(input.shape(), &output.shape(), shape_of(residual), plan) != Fault::none)
        return Status::invalid_argument;
    return forward(plan, input, residual, output, workspace);
}

template <class T>
Status BasicLayer<T>::forward(const Plan &plan, const ConstTensorT &input, const ConstTensorT *residual,
                              TensorT &output, Workspace &workspace) const noexcept {
    if (check_all_memory<T>(input, residual, output) != Fault::none)
        return Status::invalid_argument;
    if (packed_for(*plan.kernel->schedule) == nullptr)
        return Status::not_initialized;
    if (workspace.threads() < 1 || workspace.bytes_per_thread() < plan.scratch_bytes)
        return Status::workspace_too_small;
    return run(plan, input.data(), residual == nullptr ? nullptr : residual->data(), output.data(),
               workspace);
}

template <class T>
BasicTensor<T> BasicLayer<T>::forward(const ConstTensorT &input) {
    TensorT output(input.format(), checked_shapes(input.shape()).output_sizes);
    forward(input, output);
    return output;
}

template <class T>
void BasicLayer<T>::forward(const ConstTensorT &input, TensorT &output) {
    forward(input, static_cast<const ConstTensorT *>(nullptr), output);
}

template <class T>
void BasicLayer<T>::forward(const ConstTensorT &input, const ConstTensorT &residual, TensorT &output) {
    forward(input, &residual, output);
}

template <class T>
Status BasicLayer<T>::forward(const ConstTensorT &input, TensorT &output,
                              Workspace &workspace) const noexcept {
    return forward(input, static_cast<const ConstTensorT *>(nullptr), output, workspace);
}

template <class T>
Status BasicLayer<T>::forward(const ConstTensorT &input, const ConstTensorT &residual, TensorT &output,
                              Workspace &workspace) const noexcept {
    return forward(input, &residual, output, workspace);
}

template class BasicLayer<float>;
template class BasicLayer<double>;

} // namespace conv1d
