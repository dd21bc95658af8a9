#include "conv1d/run_kernel.h"

#include "call_context.h"
#include "cuda_driver.h"
#include "halide_hooks.h"
#include "packed_layout.h"

#include <HalideRuntime.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace conv1d {
namespace {

/// Below this many floating-point operations a second thread costs more than it brings.
constexpr double flops_per_thread = 2e6;

/// A buffer descriptor over memory that somebody else owns, and its dimensions.
template <std::size_t N>
struct Buffer {
    std::array<halide_dimension_t, N> dimensions;
    halide_buffer_t descriptor{};

    /// First index first.
    template <class T>
    Buffer(const T *data, const std::array<Dimension, N> &shape) noexcept {
        for (std::size_t i = 0; i < N; i++) {
            dimensions[i] = {0, static_cast<std::int32_t>(shape[i].extent),
                             static_cast<std::int32_t>(shape[i].stride), 0};
        }
        descriptor.host = reinterpret_cast<std::uint8_t *>(const_cast<T *>(data));
        descriptor.type = halide_type_of<T>();
        descriptor.dimensions = static_cast<std::int32_t>(N);
        descriptor.dim = dimensions.data();
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
};

template <class T>
Buffer<4> signal(Signal<T> signal, std::int64_t length, std::int64_t channels, const Problem &p) noexcept {
    const std::int64_t per_group = channels / p.groups;
    const Strides &s = signal.strides;
    return {signal.data,
            {{{length, s.position},
              {per_group, s.channel},
              {p.groups, s.channel * per_group},
              {p.batch, s.batch}}}};
}

/// Marks a workspace as used for the length of a call.
class Hold {
public:
    explicit Hold(Workspace::State &state) noexcept : state_(state), held_(!state.busy.exchange(true)) {}
    ~Hold() {
        if (held_)
            state_.busy.store(false);
    }
    Hold(const Hold &) = delete;
    Hold &operator=(const Hold &) = delete;
    bool held() const noexcept { return held_; }

private:
    Workspace::State &state_;
    bool held_;
};

Status status_of(int failed, const Kernel &kernel, const CallContext &context) noexcept {
    if (failed == 0)
        return Status::ok;
    if (context.arena_exhausted)
        return Status::workspace_too_small;
    const bool no_device =
        failed == halide_error_code_symbol_not_found || failed == halide_error_code_generic_error ||
        failed == halide_error_code_gpu_device_error || failed == halide_error_code_device_malloc_failed;
    return is_gpu(kernel.target) && no_device ? Status::device_unavailable : Status::kernel_failed;
}

/// The buffers of one call, as the kernel signature lists them.
class CallBuffers {
public:
    template <class T>
    CallBuffers(const Schedule &schedule, const Problem &p, Signal<const T> input,
                const PackedParameters<T> &parameters, Signal<T> output, Signal<const T> residual) noexcept
        : input_(signal(input, p.length, p.channels, p)),
          weights_(parameters.weights(), PackedLayout(schedule, p).weights()),
          bias_(parameters.bias(), PackedLayout(schedule, p).bias()),
          residual_(signal(residual, p.output_length(), p.filters, p)),
          output_(signal(output, p.output_length(), p.filters, p)) {}

    int run(const Kernel &kernel, const Problem &p, CallContext &context) noexcept {
        halide_buffer_t *residual = p.residual ? &residual_.descriptor : &output_.descriptor;
        return kernel.run(&context, &input_.descriptor, &weights_.descriptor, &bias_.descriptor, residual,
                          static_cast<std::int32_t>(kernel_stride(p)), static_cast<std::int32_t>(p.dilation),
                          static_cast<std::int32_t>(kernel_tap_step(p)), static_cast<std::int32_t>(p.left),
                          static_cast<std::int32_t>(p.padding_mode), p.padding_value,
                          static_cast<std::int32_t>(p.input_activation), p.input_slope,
                          static_cast<std::int32_t>(p.activation), p.slope, p.residual ? 1 : 0,
                          &output_.descriptor);
    }

    /// The same on a GPU: what is read is copied there, the output back, and nothing is kept.
    int run_on_device(const Kernel &kernel, const Problem &p, CallContext &context) noexcept {
        for (halide_buffer_t *b : read())
            b->set_host_dirty();
        int failed = run(kernel, p, context);
        if (failed == 0)
            failed = halide_copy_to_host(&context, &output_.descriptor);
        for (halide_buffer_t *b : read())
            halide_device_free(&context, b);
        halide_device_free(&context, &output_.descriptor);
        return failed;
    }

private:
    std::array<halide_buffer_t *, 4> read() noexcept {
        return {&input_.descriptor, &weights_.descriptor, &bias_.descriptor, &residual_.descriptor};
    }

    Buffer<4> input_;
    Buffer<5> weights_;
    Buffer<3> bias_;
    Buffer<4> residual_;
    Buffer<4> output_;
};

/// More threads than the work is worth are not woken.
int threads_worth_waking(const Problem &p) noexcept {
    return static_cast<int>(std::clamp(p.flops() / flops_per_thread, 1.0, 1e6));
}

/// True when each index of a signal times its stride can be a kernel's 32-bit offset.
bool offsets_fit(std::int64_t length, std::int64_t channels, std::int64_t batch, Strides s) noexcept {
    constexpr double limit = 2147483647.0;
    return std::abs(static_cast<double>(s.position)) * static_cast<double>(length) <= limit &&
           std::abs(static_cast<double>(s.channel)) * static_cast<double>(channels) <= limit &&
           std::abs(static_cast<double>(s.batch)) * static_cast<double>(batch) <= limit;
}

} // namespace

template <class T>
Status run_kernel(const Kernel &kernel, const Problem &p, Signal<const T> input,
                  const PackedParameters<T> &parameters, Signal<T> output, Workspace &workspace,
                  Signal<const T> residual) noexcept {
    if (workspace.state() == nullptr)
        return Status::workspace_too_small; // moved from
    const Hold hold(*workspace.state());
    if (!hold.held())
        return Status::workspace_busy;
    if (input.data == nullptr || output.data == nullptr || parameters.empty() ||
        (p.residual && residual.data == nullptr))
        return Status::invalid_argument; // Halide would take a null buffer for a question about its size
    const std::int64_t length = p.output_length();
    if (kernel.element != element_of<T> || !positions_fit(p) ||
        !offsets_fit(p.length, p.channels, p.batch, input.strides) ||
        !offsets_fit(length, p.filters, p.batch, output.strides) ||
        (p.residual && !offsets_fit(length, p.filters, p.batch, residual.strides)))
        return Status::invalid_argument;
    use_halide_hooks();
    if (kernel.target == Target::x86_64_cuda)
        prepare_cuda_driver();
    CallBuffers buffers(*kernel.schedule, p, input, parameters, output, residual);
    CallContext &context = workspace.state()->begin_call(threads_worth_waking(p));
    const int failed =
        is_gpu(kernel.target) ? buffers.run_on_device(kernel, p, context) : buffers.run(kernel, p, context);
    return status_of(failed, kernel, context);
}

template Status run_kernel(const Kernel &, const Problem &, Signal<const float>,
                           const PackedParameters<float> &, Signal<float>, Workspace &,
                           Signal<const float>) noexcept;
template Status run_kernel(const Kernel &, const Problem &, Signal<const double>,
                           const PackedParameters<double> &, Signal<double>, Workspace &,
                           Signal<const double>) noexcept;

} // namespace conv1d
