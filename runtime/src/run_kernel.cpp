#include "conv1d/run_kernel.h"

#include "call_context.h"
#include "cuda_driver.h"
#include "halide_hooks.h"

#include <HalideRuntime.h>

#include <algorithm>
#include <array>

namespace conv1d {
namespace {

/// Below this many floating-point operations a second thread costs more than it brings.
constexpr double flops_per_thread = 2e6;

/// A buffer descriptor over memory that somebody else owns, and its dimensions.
template <std::size_t N>
struct Buffer {
    std::array<halide_dimension_t, N> dimensions;
    halide_buffer_t descriptor{};

    /// Each pair is (extent, stride in elements), first index first.
    Buffer(const float *data, const std::array<std::array<std::int64_t, 2>, N> &shape) noexcept {
        for (std::size_t i = 0; i < N; i++) {
            dimensions[i] = {0, static_cast<std::int32_t>(shape[i][0]),
                             static_cast<std::int32_t>(shape[i][1]), 0};
        }
        descriptor.host = reinterpret_cast<std::uint8_t *>(const_cast<float *>(data));
        descriptor.type = {halide_type_float, 32, 1};
        descriptor.dimensions = static_cast<std::int32_t>(N);
        descriptor.dim = dimensions.data();
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
};

Buffer<4> signal(const float *data, std::int64_t length, std::int64_t channels, const Problem &p,
                 Strides s) noexcept {
    const std::int64_t per_group = channels / p.groups;
    return {data,
            {{{length, s.position},
              {per_group, s.channel},
              {p.groups, s.channel * per_group},
              {p.batch, s.batch}}}};
}

std::int64_t blocks_per_group(const Schedule &schedule, const Problem &p) noexcept {
    return (p.filters_per_group() + schedule.filter_block - 1) / schedule.filter_block;
}

/// Shape of the packed weights (filter in block, tap, channel, block, group): where each index lies.
std::array<std::array<std::int64_t, 2>, 5> weight_shape(const Schedule &schedule, const Problem &p) noexcept {
    const std::int64_t block = schedule.filter_block;
    const std::int64_t channels = p.channels_per_group();
    const std::int64_t blocks = blocks_per_group(schedule, p);
    const bool taps_inner = schedule.weight_order == WeightOrder::tap_inner;
    return {{{block, 1},
             {p.taps, taps_inner ? block : block * channels},
             {channels, taps_inner ? block * p.taps : block},
             {blocks, block * p.taps * channels},
             {p.groups, block * p.taps * channels * blocks}}};
}

Status status_of(int failed, const Kernel &kernel, const CallContext &context) noexcept {
    if (failed == 0)
        return Status::ok;
    if (context.arena_exhausted)
        return Status::workspace_too_small;
    const bool no_device = failed == halide_error_code_symbol_not_found ||
                           failed == halide_error_code_generic_error ||
                           failed == halide_error_code_device_malloc_failed;
    return is_gpu(kernel.target) && no_device ? Status::device_unavailable : Status::kernel_failed;
}

/// Brings a GPU kernel's output back and frees what it held on the device.
int finish_on_device(CallContext &context, int failed, halide_buffer_t *output,
                     std::initializer_list<halide_buffer_t *> buffers) noexcept {
    if (failed == 0)
        failed = halide_copy_to_host(&context, output);
    for (halide_buffer_t *buffer : buffers)
        halide_device_free(&context, buffer);
    return failed;
}

} // namespace

void PackedParameters::Free::operator()(float *p) const noexcept {
    ::operator delete (p, std::align_val_t{Arena::alignment});
}

PackedParameters::PackedParameters(const Schedule &schedule, const Problem &p, const float *weights,
                                   const float *bias) {
    const auto shape = weight_shape(schedule, p);
    const std::int64_t block = schedule.filter_block;
    weight_count_ = static_cast<std::size_t>(shape[4][0] * shape[4][1]);
    const auto bias_count = static_cast<std::size_t>(p.groups * shape[3][0] * block);
    const std::size_t bytes = (weight_count_ + bias_count) * sizeof(float);
    data_.reset(static_cast<float *>(::operator new (bytes, std::align_val_t{Arena::alignment})));
    std::fill_n(data_.get(), weight_count_ + bias_count, 0.0f);

    const std::int64_t channels = p.channels_per_group();
    const std::int64_t filters = p.filters_per_group();
    const bool transposed = p.operation == Operation::transposed_convolution;
    for (std::int64_t g = 0; g < p.groups; g++) {
        for (std::int64_t f = 0; f < filters; f++) {
            const std::int64_t place = f % block + f / block * shape[3][1] + g * shape[4][1];
            for (std::int64_t c = 0; c < channels; c++) {
                const std::int64_t row =
                    transposed ? (g * channels + c) * filters + f : (g * filters + f) * channels + c;
                for (std::int64_t k = 0; k < p.taps; k++) {
                    data_[static_cast<std::size_t>(place + k * shape[1][1] + c * shape[2][1])] =
                        weights[row * p.taps + k];
                }
            }
            const std::int64_t bias_place = f + g * shape[3][0] * block;
            if (bias != nullptr)
                data_[weight_count_ + static_cast<std::size_t>(bias_place)] = bias[g * filters + f];
        }
    }
}

Status run_kernel(const Kernel &kernel, const Problem &p, const float *input, Strides input_strides,
                  const PackedParameters &parameters, const float *residual, float *output,
                  Strides output_strides, Workspace &workspace) noexcept {
    use_halide_hooks();
    if (kernel.target == Target::x86_64_cuda)
        prepare_cuda_driver();
    const Schedule &schedule = *kernel.schedule;
    const std::int64_t block = schedule.filter_block;
    const std::int64_t blocks = blocks_per_group(schedule, p);
    auto in = signal(input, p.length, p.channels, p, input_strides);
    auto out = signal(output, p.output_length(), p.filters, p, output_strides);
    auto added = signal(residual, p.output_length(), p.filters, p, output_strides);
    Buffer<5> weights(parameters.weights(), weight_shape(schedule, p));
    Buffer<3> bias(parameters.bias(), {{{block, 1}, {blocks, block}, {p.groups, block * blocks}}});
    halide_buffer_t *added_or_none = p.residual ? &added.descriptor : &out.descriptor;
    if (is_gpu(kernel.target)) {
        for (halide_buffer_t *b : {&in.descriptor, &weights.descriptor, &bias.descriptor})
            b->set_host_dirty();
        if (p.residual)
            added.descriptor.set_host_dirty();
    }
    CallContext &context =
        workspace.state()->begin_call(static_cast<int>(std::clamp(p.flops() / flops_per_thread, 1.0, 1e6)));
    int failed =
        kernel.run(&context, &in.descriptor, &weights.descriptor, &bias.descriptor, added_or_none,
                   static_cast<std::int32_t>(p.stride), static_cast<std::int32_t>(p.dilation),
                   static_cast<std::int32_t>(p.left), static_cast<std::int32_t>(p.padding_mode),
                   p.padding_value, static_cast<std::int32_t>(p.input_activation), p.input_slope,
                   static_cast<std::int32_t>(p.activation), p.slope, p.residual ? 1 : 0, &out.descriptor);
    if (is_gpu(kernel.target)) {
        failed = finish_on_device(
            context, failed, &out.descriptor,
            {&in.descriptor, &weights.descriptor, &bias.descriptor, &added.descriptor, &out.descriptor});
    }
    return status_of(failed, kernel, context);
}

} // namespace conv1d
