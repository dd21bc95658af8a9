#include "conv1d/geometry.h"
#include "conv1d/layer.h"
#include "conv1d/run_gradient.h"
#include "error_text.h"
#include "layer_check.h"

#include <algorithm>
#include <string>

namespace conv1d {
namespace detail {
namespace {

constexpr Extension extension_of(PaddingMode mode) noexcept {
    switch (mode) {
    case PaddingMode::symmetric_include_edge:
        return Extension::mirror_with_edge;
    case PaddingMode::symmetric_exclude_edge:
        return Extension::mirror_without_edge;
    case PaddingMode::circular:
        return Extension::periodic;
    default:
        return Extension::replicate;
    }
}

/// The order of the kernels that take both memories as they are; `preferred`, where two do.
MemoryOrder order_of(const Strides &a, const Strides &b, MemoryOrder preferred) noexcept {
    const bool scb = a.position == 1 && b.position == 1, cbt = a.channel == 1 && b.channel == 1;
    if (preferred == MemoryOrder::cbt ? cbt : scb)
        return preferred;
    return cbt ? MemoryOrder::cbt : scb ? MemoryOrder::scb : MemoryOrder::strided;
}

/// Taps first to end - 1.
struct TapRange {
    std::int64_t first, end;
};

/// The taps that are over a sample of the signal for any output, and at times one more on each side: all of
/// them unless the padding is of zeros. At least one.
TapRange taps_that_see_the_signal(const Problem &p) noexcept {
    if (p.padding_mode != PaddingMode::constant || p.padding_value != 0)
        return {0, p.taps};
    const std::int64_t first = (p.left - (p.output_length() - 1) * p.stride) / p.dilation;
    const std::int64_t last = ceil_div(p.length - 1 + p.left, p.dilation);
    return {std::clamp<std::int64_t>(first, 0, p.taps - 1), std::clamp<std::int64_t>(last + 1, 1, p.taps)};
}

/// The convolution with these taps only, whose output is as long.
Problem with_taps(Problem p, TapRange taps) noexcept {
    p.left -= taps.first * p.dilation;
    p.right -= (p.taps - taps.end) * p.dilation;
    p.taps = taps.end - taps.first;
    return p;
}

template <class T>
Signal<const T> read(Signal<T> signal) noexcept {
    return {signal.data, signal.strides};
}

} // namespace

/// The backward pass of one kernel call's worth of observations. Signals that no tensor of the caller holds
/// lie in memory of the layer, dense in the order of the problem.
template <class T>
class Backward {
public:
    Backward(BasicLayer<T> &layer, const Problem &problem) : layer_(layer), p_(problem) {}

    void run(Signal<const T> input, Signal<const T> output_gradient, Signal<T> input_gradient,
             T *weights_gradient, T *bias_gradient, bool accumulate) {
        const Signal<const T> dz = through_activation(input, output_gradient);
        if (bias_gradient != nullptr)
            add_up(dz, bias_gradient, accumulate);
        if (weights_gradient != nullptr)
            differentiate_weights(through_input_activation(input), dz, weights_gradient, accumulate);
        if (input_gradient.data != nullptr)
            differentiate_input(input, dz, input_gradient, accumulate);
    }

private:
    bool transposed() const noexcept { return p_.operation == Operation::transposed_convolution; }

    // Steps that other memory than the caller's is needed for.

    Signal<T> temporary(int which, std::int64_t length, std::int64_t channels) {
        std::vector<T> &memory = layer_.backward_memory_[which];
        memory.resize(std::max(memory.size(), static_cast<std::size_t>(length * channels * p_.batch)));
        return {memory.data(), dense_strides(p_.order, length, channels, p_.batch)};
    }

    Signal<const T> through_activation(Signal<const T> input, Signal<const T> output_gradient) {
        if (p_.activation == Activation::none)
            return output_gradient;
        Problem sums = p_;
        sums.activation = Activation::none;
        const std::int64_t length = p_.output_length();
        const Signal<T> z = temporary(0, length, p_.filters);
        convolve(sums, input, layer_.bias_.data(), z);
        elementwise(GradientStep::activation_gradient,
                    {p_.activation, p_.slope, length, p_.filters, p_.batch}, read(z), output_gradient, z,
                    false);
        return read(z);
    }

    Signal<const T> through_input_activation(Signal<const T> input) {
        if (p_.input_activation == Activation::none)
            return input;
        const Signal<T> active = temporary(1, p_.length, p_.channels);
        elementwise(GradientStep::activation,
                    {p_.input_activation, p_.input_slope, p_.length, p_.channels, p_.batch}, input, {},
                    active, false);
        return read(active);
    }

    // The gradients.

    /// Sums of each filter.
    void add_up(Signal<const T> dz, T *bias_gradient, bool accumulate) {
        Problem p = p_;
        p.order = order_of(dz.strides, dz.strides, p_.order);
        const GradientKernel &kernel = find(GradientStep::bias, p);
        layer_.grow_workspace(kernel.schedule->scratch_bytes(p));
        check(*kernel.schedule,
              run_bias_gradient<T>(kernel, p, dz, bias_gradient, accumulate, layer_.workspace()));
    }

    void differentiate_weights(Signal<const T> active, Signal<const T> dz, T *weights_gradient,
                               bool accumulate) {
        if (!transposed()) {
            Problem plain = p_;
            plain.activation = plain.input_activation = Activation::none;
            plain.residual = false;
            plain.order = order_of(active.strides, dz.strides, p_.order);
            run_weights(plain, active, dz, weights_gradient, accumulate);
            return;
        }
        Problem swapped = exchanged(p_);
        swapped.order = order_of(active.strides, dz.strides, p_.order);
        if (swapped.length >= 1) {
            run_weights(swapped, dz, active, weights_gradient, accumulate);
        } else if (!accumulate) {
            std::fill_n(weights_gradient, layer_.weights_.size(), T(0));
        }
    }

    void differentiate_input(Signal<const T> input, Signal<const T> dz, Signal<T> input_gradient,
                             bool accumulate) {
        if (p_.input_activation == Activation::none)
            return adjoint(dz, input_gradient, accumulate);
        const Signal<T> da = temporary(2, p_.length, p_.channels);
        adjoint(dz, da, false);
        elementwise(GradientStep::activation_gradient,
                    {p_.input_activation, p_.input_slope, p_.length, p_.channels, p_.batch}, input, read(da),
                    input_gradient, accumulate);
    }

    /// The data gradient: the other operation with the same weights, and without a bias.
    void adjoint(Signal<const T> dz, Signal<T> input_gradient, bool accumulate) {
        if (transposed()) {
            Problem swapped = exchanged(p_);
            if (swapped.length >= 1) {
                swapped.residual = accumulate;
                swapped.order = order_of(dz.strides, input_gradient.strides, p_.order);
                convolve(swapped, dz, nullptr, input_gradient);
            } else if (!accumulate) {
                fill(input_gradient, p_.length);
            }
            return;
        }
        adjoint_part(dz, 0, p_.length, input_gradient, accumulate);
        if (p_.padding_mode == PaddingMode::constant)
            return;
        const std::int64_t seen =
            (p_.output_length() - 1) * p_.stride + effective_filter_size(p_.taps, p_.dilation);
        fold(dz, -p_.left, std::min(p_.left, seen), input_gradient);
        fold(dz, p_.length, seen - p_.left - p_.length, input_gradient);
    }

    /// The gradient of `length` samples of the padded input, from `first` on, 0 being the signal's first.
    /// With a stride of 1 that is a convolution with the filters reversed, which is faster where it needs no
    /// cropping.
    void adjoint_part(Signal<const T> dz, std::int64_t first, std::int64_t length, Signal<T> part,
                      bool accumulate) {
        Problem t;
        t.element = p_.element;
        t.order = order_of(dz.strides, part.strides, p_.order);
        t.batch = p_.batch;
        t.channels = p_.filters;
        t.filters = p_.channels;
        t.length = p_.output_length();
        t.taps = p_.taps;
        t.stride = p_.stride;
        t.dilation = p_.dilation;
        t.groups = p_.groups;
        t.residual = accumulate;
        const std::int64_t crop = p_.left + first;
        const TapRange seen = taps_that_see_the_signal(p_);
        t.left = (seen.end - 1) * p_.dilation - crop;
        t.right = length - t.length + crop - seen.first * p_.dilation;
        if (t.stride == 1 && t.left >= 0 && t.right >= 0) {
            t.taps = seen.end - seen.first;
            convolve(t, dz, nullptr, part, reversed_weights(seen).data());
            return;
        }
        t.operation = Operation::transposed_convolution;
        t.left = crop;
        t.right = transposed_length(t.length, {t.left, 0}, t.taps, t.stride, t.dilation, 0) - length;
        convolve(t, dz, nullptr, part);
    }

    /// Of the convolution that is the adjoint of this one: filters and channels exchanged, these taps reversed.
    std::vector<T> reversed_weights(TapRange taps) const {
        const std::int64_t filters = p_.filters_per_group(), channels = p_.channels_per_group(),
                           count = taps.end - taps.first;
        std::vector<T> reversed(static_cast<std::size_t>(p_.filters * channels * count));
        const T *from = layer_.weights_.data() + taps.first;
        for (std::int64_t g = 0; g < p_.groups; g++) {
            for (std::int64_t f = 0; f < filters; f++) {
                for (std::int64_t c = 0; c < channels; c++, from += p_.taps) {
                    T *to = reversed.data() + ((g * channels + c) * filters + f) * count;
                    std::reverse_copy(from, from + count, to);
                }
            }
        }
        return reversed;
    }

    /// Adds the gradient of padded samples to those that they repeat, in the order of the samples.
    void fold(Signal<const T> dz, std::int64_t first, std::int64_t count, Signal<T> gradient) {
        if (count < 1)
            return;
        std::vector<T> memory(static_cast<std::size_t>(count * p_.channels * p_.batch));
        const Signal<T> part{memory.data(), dense_strides(p_.order, count, p_.channels, p_.batch)};
        adjoint_part(dz, first, count, part, false);
        const Extension extension = extension_of(p_.padding_mode);
        const Strides &from = part.strides, &to = gradient.strides;
        for (std::int64_t i = 0; i < count; i++) {
            const std::int64_t sample = extended_sample(first + i, p_.length, extension);
            for (std::int64_t b = 0; b < p_.batch; b++) {
                const T *of_part = part.data + i * from.position + b * from.batch;
                T *of_gradient = gradient.data + sample * to.position + b * to.batch;
                for (std::int64_t c = 0; c < p_.channels; c++)
                    of_gradient[c * to.channel] += of_part[c * from.channel];
            }
        }
    }

    void fill(Signal<T> signal, std::int64_t length) {
        const Strides &s = signal.strides;
        for (std::int64_t b = 0; b < p_.batch; b++)
            for (std::int64_t c = 0; c < p_.channels; c++)
                for (std::int64_t i = 0; i < length; i++)
                    signal.data[i * s.position + c * s.channel + b * s.batch] = T(0);
    }

    // Kernel calls.

    /// output = [output +] the operation, with the layer's weights unless others are given.
    void convolve(const Problem &p, Signal<const T> input, const T *bias, Signal<T> output,
                  const T *weights = nullptr) {
        const Kernel *kernel = find_kernel(layer_.kernels(), p, layer_.target());
        if (kernel == nullptr)
            refuse("for " + to_string(p));
        const PackedParameters<T> parameters(*kernel->schedule, p,
                                             weights == nullptr ? layer_.weights_.data() : weights, bias);
        layer_.grow_workspace(kernel->schedule->scratch_bytes(p));
        check(*kernel->schedule,
              run_kernel<T>(*kernel, p, input, parameters, output, layer_.workspace(), read(output)));
    }

    /// For the taps that see the signal; the others' gradient is 0.
    void run_weights(const Problem &whole, Signal<const T> input, Signal<const T> gradient,
                     T *weights_gradient, bool accumulate) {
        const TapRange seen = taps_that_see_the_signal(whole);
        const Problem p = with_taps(whole, seen);
        if (!accumulate && p.taps < whole.taps)
            std::fill_n(weights_gradient, layer_.weights_.size(), T(0));
        const GradientKernel &kernel = find(GradientStep::weights, p);
        layer_.grow_workspace(kernel.schedule->scratch_bytes(p));
        check(*kernel.schedule, run_weights_gradient<T>(kernel, p, input, gradient, weights_gradient + seen.first,
                                                        whole.taps, accumulate, layer_.workspace()));
    }

    void elementwise(GradientStep step, const Elementwise &e, Signal<const T> input, Signal<const T> gradient,
                     Signal<T> output, bool accumulate) {
        Problem p;
        p.element = p_.element;
        p.order = order_of(input.strides, output.strides, p_.order);
        if (gradient.data != nullptr && order_of(gradient.strides, output.strides, p.order) != p.order)
            p.order = MemoryOrder::strided;
        const GradientKernel &kernel = find(step, p);
        layer_.grow_workspace(0);
        check(*kernel.schedule,
              run_elementwise<T>(kernel, e, input, gradient, output, accumulate, layer_.workspace()));
    }

    const GradientKernel &find(GradientStep step, const Problem &p) const {
        const GradientKernel *kernel = find_gradient_kernel(step, p, layer_.target());
        if (kernel == nullptr)
            refuse("for gradients");
        return *kernel;
    }

    [[noreturn]] void refuse(const std::string &purpose) const {
        layer_.refuse("target is " + std::string(to_string(layer_.target())) +
                      "; expected one with a kernel " + purpose);
    }

    void check(const Schedule &schedule, Status status) const {
        if (status != Status::ok)
            layer_.fail(schedule, status);
    }

    BasicLayer<T> &layer_;
    const Problem &p_;
};

namespace {

template <class T>
T *sized(std::vector<T> *values, std::size_t count, bool accumulate) {
    if (values == nullptr)
        return nullptr;
    if (!accumulate)
        values->resize(count);
    return values->data();
}

/// What is wrong with a vector to accumulate in, without the layer's name.
template <class T>
std::string wrong_count(const char *name, const std::vector<T> *values, std::size_t count, bool accumulate) {
    if (values == nullptr || !accumulate || values->size() == count)
        return {};
    return std::string(name) + " gradient has " + std::to_string(values->size()) + " elements; expected " +
           std::to_string(count) + " to accumulate in";
}

} // namespace
} // namespace detail

template <class T>
void BasicLayer<T>::backward(const ConstTensorT &input, const ConstTensorT &output_gradient,
                             const BasicGradients<T> &gradients) {
    const detail::Plan forward_plan = checked_plan(input.shape());
    if (output_gradient.format() != input.format() || output_gradient.sizes() != forward_plan.output_sizes) {
        refuse("output gradient is '" + std::string(output_gradient.format()) + "' " +
               detail::list_text(output_gradient.sizes()) + "; expected '" + std::string(input.format()) +
               "' " + detail::list_text(forward_plan.output_sizes) + ", as the output");
    }
    // The input's gradient takes the place of a residual: a third memory, with sizes of its own.
    const detail::Plan plan = checked_plan(input.shape(), &output_gradient.shape());
    detail::Batches batches = plan.batches;
    detail::SignalLayout input_gradient_layout = plan.layout;
    if (gradients.input != nullptr) {
        const ConstTensorT written = *gradients.input;
        if (written.format() != input.format() || written.sizes() != input.sizes()) {
            refuse("input gradient is '" + std::string(written.format()) + "' " +
                   detail::list_text(written.sizes()) + "; expected '" + std::string(input.format()) + "' " +
                   detail::list_text(input.sizes()) + ", as the input");
        }
        for (const auto &[tensor, name] :
             {std::pair{&input, "input"}, {&output_gradient, "output gradient"}}) {
            if (detail::check_memory(*tensor, written) != detail::Fault::none)
                refuse(std::string("input gradient overlaps the ") + name + "; expected memory of its own");
        }
        detail::read_layout(written.shape(), input_gradient_layout);
        batches = detail::split_batches(plan.layout, plan.output_layout, input_gradient_layout);
    }
    initialize(plan);
    for (const std::string &wrong :
         {detail::wrong_count("weights", gradients.weights, weights_.size(), gradients.accumulate),
          detail::wrong_count("bias", gradients.bias, bias_.size(), gradients.accumulate)}) {
        if (!wrong.empty())
            refuse(wrong);
    }
    T *weights_gradient = detail::sized(gradients.weights, weights_.size(), gradients.accumulate);
    T *bias_gradient = detail::sized(gradients.bias, bias_.size(), gradients.accumulate);
    Problem problem = plan.problem;
    problem.batch = batches.batch;
    detail::Backward<T> backward(*this, problem);
    for (std::int64_t i = 0; i < batches.calls; i++) {
        Signal<T> input_gradient;
        if (gradients.input != nullptr)
            input_gradient = {gradients.input->data() + i * batches.residual.step, batches.residual.strides};
        backward.run({input.data() + i * batches.input.step, batches.input.strides},
                     {output_gradient.data() + i * batches.output.step, batches.output.strides},
                     input_gradient, weights_gradient, bias_gradient, gradients.accumulate || i > 0);
    }
}

template void BasicLayer<float>::backward(const BasicConstTensor<float> &, const BasicConstTensor<float> &,
                                          const BasicGradients<float> &);
template void BasicLayer<double>::backward(const BasicConstTensor<double> &, const BasicConstTensor<double> &,
                                           const BasicGradients<double> &);

} // namespace conv1d
