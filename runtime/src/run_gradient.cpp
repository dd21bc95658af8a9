#include "conv1d/run_gradient.h"

#include "conv1d/geometry.h"
#include "halide_hooks.h"
#include "kernel_call.h"
#include "schedules/gradient_scratch.h"

namespace conv1d {
namespace {

template <class T>
Buffer<4> signal(Signal<T> signal, std::int64_t length, std::int64_t channels, std::int64_t batch) noexcept {
    Problem sizes;
    sizes.batch = batch;
    return conv1d::signal(signal, length, channels, sizes);
}

/// The numbers of one call, as the kernel signature lists them.
struct Arguments {
    std::int32_t stride = 1, dilation = 1, left = 0, padding_mode = 0;
    double padding_value = 0;
    std::int32_t activation = 0;
    double slope = 0;
    std::int32_t slab_count = 1;
    bool accumulate = false;
};

constexpr std::size_t no_tables = 0;

/// \param table_bytes  of integers, which the call begins its scratch with
Status call(const GradientKernel &kernel, halide_buffer_t &input, halide_buffer_t &gradient,
            const Arguments &a, halide_buffer_t &output, double flops, std::size_t table_bytes,
            Workspace &workspace) noexcept {
    if (workspace.state() == nullptr)
        return Status::workspace_too_small; // moved from
    const Hold hold(*workspace.state());
    if (!hold.held())
        return Status::workspace_busy;
    use_halide_hooks();
    CallContext &context = begin_call(*workspace.state(), flops);
    const int failed =
        kernel.run(&context, &input, &gradient, a.stride, a.dilation, a.left, a.padding_mode, a.padding_value,
                   a.activation, a.slope, a.slab_count, a.accumulate ? 1 : 0, &output);
    context.arena.clear(table_bytes);
    return status_of(failed, kernel.target, context);
}

} // namespace

const GradientKernel *find_gradient_kernel(GradientStep step, const Problem &problem,
                                           Target target) noexcept {
    for (const GradientKernel &kernel : gradient_kernels()) {
        if (kernel.step == step && kernel.target == target && kernel.element == problem.element &&
            kernel.order == problem.order && kernel.schedule->rejection(problem) == nullptr)
            return &kernel;
    }
    return nullptr;
}

Problem exchanged(const Problem &transposed) noexcept {
    const Problem &t = transposed;
    Problem p;
    p.element = t.element;
    p.order = t.order;
    p.batch = t.batch;
    p.channels = t.filters;
    p.filters = t.channels;
    p.taps = t.taps;
    p.stride = t.stride;
    p.dilation = t.dilation;
    p.groups = t.groups;
    p.left = t.left;
    const std::int64_t whole = transposed_length(t.length, {0, 0}, t.taps, t.stride, t.dilation, 0);
    p.length = std::min(t.output_length(), whole - t.left);
    p.right = whole - t.left - p.length;
    return p;
}

template <class T>
Status run_weights_gradient(const GradientKernel &kernel, const Problem &p, Signal<const T> input,
                            Signal<const T> gradient, T *weights_gradient, std::int64_t row, bool accumulate,
                            Workspace &workspace) noexcept {
    const std::int64_t length = p.output_length();
    if (input.data == nullptr || gradient.data == nullptr || weights_gradient == nullptr ||
        kernel.step != GradientStep::weights || kernel.element != element_of<T> || length < 1 ||
        row < p.taps || !positions_fit(p) || !offsets_fit(p.length, p.channels, p.batch, input.strides) ||
        !offsets_fit(length, p.filters, p.batch, gradient.strides))
        return Status::invalid_argument;
    Buffer<4> in = signal(input, p.length, p.channels, p);
    Buffer<4> out_gradient = signal(gradient, length, p.filters, p);
    const std::int64_t channels = p.channels_per_group(), filters = p.filters_per_group();
    Buffer<4> weights(
        weights_gradient,
        std::array<Dimension, 4>{
            {{p.taps, 1}, {channels, row}, {filters, row * channels}, {p.groups, row * channels * filters}}});
    Arguments a;
    a.stride = static_cast<std::int32_t>(kernel_stride(p));
    a.dilation = static_cast<std::int32_t>(p.dilation);
    a.left = static_cast<std::int32_t>(p.left);
    a.padding_mode = static_cast<std::int32_t>(p.padding_mode);
    a.padding_value = p.padding_value;
    a.slab_count = static_cast<std::int32_t>(schedules::gradient_slabs(p, *kernel.schedule));
    a.accumulate = accumulate;
    return call(kernel, in.descriptor, out_gradient.descriptor, a, weights.descriptor, p.flops(),
                schedules::gradient_table_bytes(p), workspace);
}

template <class T>
Status run_bias_gradient(const GradientKernel &kernel, const Problem &p, Signal<const T> gradient,
                         T *bias_gradient, bool accumulate, Workspace &workspace) noexcept {
    const std::int64_t length = p.output_length();
    if (gradient.data == nullptr || bias_gradient == nullptr || kernel.step != GradientStep::bias ||
        kernel.element != element_of<T> || length < 1 ||
        !offsets_fit(length, p.filters, p.batch, gradient.strides))
        return Status::invalid_argument;
    Buffer<4> from = signal(gradient, length, p.filters, p.batch);
    Buffer<4> bias(bias_gradient, std::array<Dimension, 4>{{{1, 1}, {1, 1}, {p.filters, 1}, {1, p.filters}}});
    Arguments a;
    a.accumulate = accumulate;
    return call(kernel, from.descriptor, from.descriptor, a, bias.descriptor,
                static_cast<double>(length) * static_cast<double>(p.filters) * static_cast<double>(p.batch),
                no_tables, workspace);
}

template <class T>
Status run_elementwise(const GradientKernel &kernel, const Elementwise &e, Signal<const T> input,
                       Signal<const T> gradient, Signal<T> output, bool accumulate,
                       Workspace &workspace) noexcept {
    if (gradient.data == nullptr)
        gradient = input;
    if (input.data == nullptr || output.data == nullptr || kernel.step == GradientStep::weights ||
        kernel.step == GradientStep::bias || kernel.element != element_of<T> ||
        !offsets_fit(e.length, e.channels, e.batch, input.strides) ||
        !offsets_fit(e.length, e.channels, e.batch, gradient.strides) ||
        !offsets_fit(e.length, e.channels, e.batch, output.strides))
        return Status::invalid_argument;
    Buffer<4> in = signal(input, e.length, e.channels, e.batch);
    Buffer<4> from = signal(gradient, e.length, e.channels, e.batch);
    Buffer<4> out = signal(output, e.length, e.channels, e.batch);
    Arguments a;
    a.activation = static_cast<std::int32_t>(e.activation);
    a.slope = e.slope;
    a.accumulate = accumulate;
    constexpr double operations_an_element = 20;
    const double elements =
        static_cast<double>(e.length) * static_cast<double>(e.channels) * static_cast<double>(e.batch);
    return call(kernel, in.descriptor, from.descriptor, a, out.descriptor, operations_an_element * elements,
                no_tables, workspace);
}

template Status run_weights_gradient(const GradientKernel &, const Problem &, Signal<const float>,
                                     Signal<const float>, float *, std::int64_t, bool, Workspace &) noexcept;
template Status run_weights_gradient(const GradientKernel &, const Problem &, Signal<const double>,
                                     Signal<const double>, double *, std::int64_t, bool,
                                     Workspace &) noexcept;
template Status run_bias_gradient(const GradientKernel &, const Problem &, Signal<const float>, float *, bool,
                                  Workspace &) noexcept;
template Status run_bias_gradient(const GradientKernel &, const Problem &, Signal<const double>, double *,
                                  bool, Workspace &) noexcept;
template Status run_elementwise(const GradientKernel &, const Elementwise &, Signal<const float>,
                                Signal<const float>, Signal<float>, bool, Workspace &) noexcept;
template Status run_elementwise(const GradientKernel &, const Elementwise &, Signal<const double>,
                                Signal<const double>, Signal<double>, bool, Workspace &) noexcept;

} // namespace conv1d
