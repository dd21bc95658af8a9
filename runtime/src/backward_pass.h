#pragma once

#include "conv1d/geometry.h"
#include "conv1d/layer.h"
#include "conv1d/run_gradient.h"
#include "reduced_problem.h"
#include "signal_layout.h"

#include <algorithm>
#include <array>
#include <string>

namespace conv1d::detail {

inline Extension extension_of(PaddingMode mode) noexcept {
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

/// Of input and output, gone through at a time: a part of the cache that processors share.
inline constexpr std::int64_t cached_bytes = 2 << 20;
/// Elements of input and output for each weight, that reading and adding the weights' gradient is little
/// beside.
inline constexpr std::int64_t elements_for_a_weight = 4;

template <class T>
Signal<const T> read(Signal<T> signal) noexcept {
    return {signal.data, signal.strides};
}

/// The backward pass, some observations at a time. Signals that no tensor of the caller holds lie in memory
/// of the layer, dense in the order of the problem.
template <class T>
class Backward {
public:
    Backward(BasicLayer<T> &layer, const Problem &problem) : layer_(layer), p_(problem) {
        p_.minimal_filtering = false;
    }

    /// Looks for all kernels that a pass needs besides those of forward(). \throws std::invalid_argument if
    /// the target lacks one
    void expect_kernels(const Strides &output_gradient, const Signal<T> &input_gradient) const {
        find(GradientStep::bias, p_); // the others' targets are the same
        if (input_gradient.data == nullptr || (transposed() && exchanged(p_).length < 1))
            return;
        const Strides dz = p_.activation == Activation::none
                               ? output_gradient
                               : dense_strides(p_.order, p_.output_length(), p_.filters, p_.batch);
        const auto expect = [&](PaddedPart part, const Strides &output) {
            find(adjoint_problem(part, dz, output, false));
        };
        expect(signal_part(), p_.input_activation == Activation::none
                                  ? input_gradient.strides
                                  : dense_strides(p_.order, p_.length, p_.channels, p_.batch));
        for (const PaddedPart &part : repeating_parts()) {
            if (part.count > 0)
                expect(part, dense_strides(p_.order, part.count, p_.channels, p_.batch));
        }
    }

    /// As many observations at a time as the cache holds, because up to three kernels read the same signals.
    /// \param again  there were others before, to whose gradients of weights and bias these are added
    void run_in_parts(Signal<const T> input, Signal<const T> output_gradient, Signal<T> input_gradient,
                      T *weights_gradient, T *bias_gradient, bool accumulate, bool again) {
        const std::int64_t batch = p_.batch, part = observations_at_a_time(input, output_gradient);
        for (std::int64_t first = 0; first < batch; first += part) {
            p_.batch = std::min(part, batch - first);
            run(from(input, first), from(output_gradient, first), from(input_gradient, first),
                weights_gradient, bias_gradient, accumulate, again || first > 0);
        }
        p_.batch = batch;
    }

private:
    /// The signals of the observations from `first` on.
    template <class E>
    static Signal<E> from(Signal<E> signal, std::int64_t first) noexcept {
        if (signal.data != nullptr)
            signal.data += first * signal.strides.batch;
        return signal;
    }

    /// All, if observations do not follow each other in memory.
    std::int64_t observations_at_a_time(Signal<const T> input,
                                        Signal<const T> output_gradient) const noexcept {
        const std::int64_t input_size = p_.channels * p_.length,
                           output_size = p_.filters * p_.output_length();
        if (input.strides.batch < input_size || output_gradient.strides.batch < output_size)
            return p_.batch;
        const std::int64_t elements =
            std::max<std::int64_t>(cached_bytes / static_cast<std::int64_t>(sizeof(T)),
                                   elements_for_a_weight * static_cast<std::int64_t>(layer_.weights_.size()));
        return std::max<std::int64_t>(elements / (input_size + output_size), 1);
    }

    void run(Signal<const T> input, Signal<const T> output_gradient, Signal<T> input_gradient,
             T *weights_gradient, T *bias_gradient, bool accumulate, bool again) {
        const Signal<const T> dz = through_activation(input, output_gradient);
        if (bias_gradient != nullptr)
            add_up(dz, bias_gradient, accumulate || again);
        if (weights_gradient != nullptr)
            differentiate_weights(through_input_activation(input), dz, weights_gradient, accumulate || again);
        if (input_gradient.data != nullptr)
            differentiate_input(input, dz, input_gradient, accumulate);
    }

    /// Of a layer that is to use specialised kernels, the backward pass need not have any.
    Tier tier() const noexcept { return layer_.tier() == Tier::built_in ? Tier::built_in : Tier::any; }

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
        convolve(sums, input, layer_.weights_.data(), layer_.bias_.data(), z, layer_.backward_forward_);
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
        if (transposed() && exchanged(p_).length < 1) {
            if (!accumulate)
                fill(input_gradient, p_.length);
            return;
        }
        convolve_adjoint(dz, signal_part(), input_gradient, accumulate);
        for (const PaddedPart &part : repeating_parts()) {
            if (part.count > 0)
                fold(dz, part, input_gradient);
        }
    }

    /// Samples of the padded input, 0 being the signal's first.
    struct PaddedPart {
        std::int64_t first, count;
    };

    PaddedPart signal_part() const noexcept { return {0, p_.length}; }

    /// What of the padding left and right of the signal is seen by a tap and repeats samples; none where the
    /// count is not above 0.
    std::array<PaddedPart, 2> repeating_parts() const noexcept {
        if (transposed() || p_.padding_mode == PaddingMode::constant)
            return {};
        const std::int64_t seen =
            (p_.output_length() - 1) * p_.stride + effective_filter_size(p_.taps, p_.dilation);
        return {{{-p_.left, std::min(p_.left, seen)}, {p_.length, seen - p_.left - p_.length}}};
    }

    /// The operation that gives the gradient of a part of the padded input: the other one. With a stride of 1
    /// that of a convolution is a convolution too, with the filters reversed, of the taps that see the
    /// signal, which is faster where it needs no cropping.
    Problem adjoint_problem(PaddedPart part, const Strides &dz, const Strides &output,
                            bool accumulate) const noexcept {
        if (transposed()) {
            Problem swapped = exchanged(p_);
            swapped.order = order_of(dz, output, p_.order);
            swapped.residual = accumulate;
            return swapped;
        }
        Problem t;
        t.element = p_.element;
        t.order = order_of(dz, output, p_.order);
        t.batch = p_.batch;
        t.channels = p_.filters;
        t.filters = p_.channels;
        t.length = p_.output_length();
        t.taps = p_.taps;
        t.stride = p_.stride;
        t.dilation = p_.dilation;
        t.groups = p_.groups;
        t.residual = accumulate;
        const std::int64_t crop = p_.left + part.first;
        const TapRange seen = taps_that_see_the_signal(p_);
        t.left = (seen.end - 1) * p_.dilation - crop;
        t.right = part.count - t.length + crop - seen.first * p_.dilation;
        if (t.stride == 1 && t.left >= 0 && t.right >= 0) {
            t.taps = seen.end - seen.first;
            return t;
        }
        t.operation = Operation::transposed_convolution;
        t.left = crop;
        t.right = transposed_length(t.length, {t.left, 0}, t.taps, t.stride, t.dilation, 0) - part.count;
        return t;
    }

    void convolve_adjoint(Signal<const T> dz, PaddedPart part, Signal<T> output, bool accumulate) {
        const Problem t = adjoint_problem(part, dz.strides, output.strides, accumulate);
        if (t.operation == p_.operation)
            convolve(t, dz, reversed_weights(taps_that_see_the_signal(p_)), nullptr, output,
                     layer_.backward_reversed_);
        else
            convolve(t, dz, layer_.weights_.data(), nullptr, output, layer_.backward_adjoint_);
    }

    /// Of the convolution that is the adjoint of this one: filters and channels exchanged, these taps
    /// reversed.
    WeightsView<T> reversed_weights(TapRange taps) const noexcept {
        const std::int64_t channels = p_.channels_per_group();
        return {layer_.weights_.data() + taps.end - 1, -1, channels * p_.taps, p_.taps,
                p_.filters_per_group() * channels * p_.taps};
    }

    /// Adds the gradient of padded samples to those that they repeat, in the order of the samples.
    void fold(Signal<const T> dz, PaddedPart part, Signal<T> gradient) {
        const Signal<T> folded = temporary(3, part.count, p_.channels);
        convolve_adjoint(dz, part, folded, false);
        const Extension extension = extension_of(p_.padding_mode);
        const Strides &from = folded.strides, &to = gradient.strides;
        for (std::int64_t i = 0; i < part.count; i++) {
            const std::int64_t sample = extended_sample(part.first + i, p_.length, extension);
            for (std::int64_t b = 0; b < p_.batch; b++) {
                const T *of_part = folded.data + i * from.position + b * from.batch;
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

    using Packed = typename BasicLayer<T>::BackwardParameters;

    /// output = [output +] the operation. `packed` goes with weights and bias, and is made anew where the
    /// kernel before took others.
    template <class Weights>
    void convolve(const Problem &p, Signal<const T> input, const Weights &weights, const T *bias,
                  Signal<T> output, Packed &packed) {
        const Kernel &kernel = find(p);
        const Tile &tile = kernel.schedule->tile;
        const T *first = first_of(weights);
        if (packed.filter_block != tile.filters || packed.order != kernel.schedule->weight_order ||
            packed.operation != p.operation || packed.taps != p.taps || packed.weights != first) {
            packed.filter_block = 0; // if there is no memory
            packed.parameters.assign(*kernel.schedule, p, weights, bias);
            packed.filter_block = tile.filters;
            packed.order = kernel.schedule->weight_order;
            packed.operation = p.operation;
            packed.taps = p.taps;
            packed.weights = first;
        }
        layer_.grow_workspace(scratch_bytes(kernel, p));
        check(*kernel.schedule,
              run_kernel<T>(kernel, p, input, packed.parameters, output, layer_.workspace(), read(output)));
    }

    static const T *first_of(const T *weights) noexcept { return weights; }
    static const T *first_of(const WeightsView<T> &weights) noexcept { return weights.data; }

    /// For the taps that see the signal; the others' gradient is 0. Observations of single positions are
    /// taken as the positions of one.
    void run_weights(const Problem &whole, Signal<const T> input, Signal<const T> gradient,
                     T *weights_gradient, bool accumulate) {
        const ReducedProblem reduced = detail::reduced(whole);
        const Problem &p = reduced.problem;
        if (reduced.batch_is_positions) {
            input = positions_of_observations(input);
            gradient = positions_of_observations(gradient);
        }
        if (!accumulate && p.taps < whole.taps)
            std::fill_n(weights_gradient, layer_.weights_.size(), T(0));
        const GradientKernel &kernel = find(GradientStep::weights, p);
        layer_.grow_workspace(kernel.schedule->scratch_bytes(p));
        check(*kernel.schedule,
              run_weights_gradient<T>(kernel, p, input, gradient, weights_gradient + reduced.first_tap,
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

    const Kernel &find(const Problem &p) const {
        const Kernel *kernel = choose_kernel(layer_.kernels(), p, layer_.target(), {}, tier());
        if (kernel == nullptr)
            refuse("for " + to_string(p));
        return *kernel;
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
    Problem p_;
};

} // namespace conv1d::detail
