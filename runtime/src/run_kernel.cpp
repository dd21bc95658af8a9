#include "conv1d/run_kernel.h"

#include "conv1d/geometry.h"
#include "cuda_driver.h"
#include "halide_hooks.h"
#include "kernel_call.h"
#include "reduced_problem.h"
#include "schedules/scratch.h"
#include "work_shares.h"

#include <algorithm>

namespace conv1d {
namespace {

/// Everything a call of the kernel is made of.
template <class T>
struct Call {
    const Kernel &kernel;
    const Problem &problem;
    const PackedLayout &layout;
    Signal<const T> input;
    const T *weights, *bias;
    Signal<T> output;
    Signal<const T> residual;
    std::int32_t copied_tiles;
};

/// Its buffers, as the kernel signature lists them.
template <class T>
class CallBuffers {
public:
    explicit CallBuffers(const Call<T> &call) noexcept
        : call_(call), input_(signal(call.input, call.problem.length, call.problem.channels, call.problem)),
          weights_(call.weights, call.layout.weights()), bias_(call.bias, call.layout.bias()),
          residual_(signal(call.residual, call.problem.output_length(), call.problem.filters, call.problem)),
          output_(signal(call.output, call.problem.output_length(), call.problem.filters, call.problem)) {}

    /// Leaves the outputs of those of shared_blocks(), `all`, only; the last has what follows, too.
    void keep_blocks(std::int64_t first, std::int64_t end, std::int64_t all) noexcept {
        const Problem &p = call_.problem;
        if (call_.kernel.schedule->weight_order == WeightOrder::group_inner) {
            const std::int64_t begin = first * group_block;
            const std::int64_t padded =
                end == all ? call_.layout.group.extent - begin : end * group_block - begin;
            const std::int64_t groups = std::min(padded, p.groups - begin);
            for (auto *buffer : {&input_, &residual_, &output_})
                buffer->template crop<T>(2, begin, groups);
            weights_.template crop<T>(4, begin, padded);
            bias_.template crop<T>(2, begin, padded);
            return;
        }
        const std::int64_t size = call_.layout.bias_filter.extent, begin = first * size;
        for (auto *buffer : {&residual_, &output_})
            buffer->template crop<T>(1, begin, std::min(end * size, p.filters) - begin);
        const std::int64_t of_each = quotient(call_.layout.block.extent, call_.layout.bias_block.extent);
        weights_.template crop<T>(3, first * of_each, (end - first) * of_each);
        bias_.template crop<T>(1, first, end - first);
    }

    int run(CallContext &context) noexcept {
        const Kernel &kernel = call_.kernel;
        const Problem &p = call_.problem;
        halide_buffer_t *residual = p.residual ? &residual_.descriptor : &output_.descriptor;
        const int failed =
            kernel.run(&context, &input_.descriptor, &weights_.descriptor, &bias_.descriptor, residual,
                       static_cast<std::int32_t>(kernel_stride(p)), static_cast<std::int32_t>(p.dilation),
                       static_cast<std::int32_t>(kernel_tap_step(p)), static_cast<std::int32_t>(p.left),
                       static_cast<std::int32_t>(p.padding_mode), p.padding_value,
                       static_cast<std::int32_t>(p.input_activation), p.input_slope,
                       static_cast<std::int32_t>(p.activation), p.slope, p.residual ? 1 : 0,
                       call_.copied_tiles, &output_.descriptor);
        context.arena.clear(schedules::table_bytes(p, kernel.schedule->input_copy));
        return failed;
    }

    /// The same on a GPU: what is read is copied there, the output back, and nothing is kept.
    int run_on_device(CallContext &context) noexcept {
        for (halide_buffer_t *b : read())
            b->set_host_dirty();
        int failed = run(context);
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

    const Call<T> &call_;
    Buffer<4> input_;
    Buffer<5> weights_;
    Buffer<3> bias_;
    Buffer<4> residual_;
    Buffer<4> output_;
};

/// A call of which each thread makes its part, of other blocks.
template <class T>
struct SharedCall {
    const Call<T> &call;
    std::int64_t blocks;
    int parts;

    static int run_part(void *context, int part, std::uint8_t *state) noexcept {
        const SharedCall &shared = *reinterpret_cast<const SharedCall *>(state);
        CallBuffers<T> buffers(shared.call);
        buffers.keep_blocks(quotient(shared.blocks * part, shared.parts),
                            quotient(shared.blocks * (part + 1), shared.parts), shared.blocks);
        return buffers.run(*static_cast<CallContext *>(context));
    }

    int run(CallContext &context) noexcept {
        return halide_do_par_for(&context, run_part, 0, parts, reinterpret_cast<std::uint8_t *>(this));
    }
};

template <class T>
int run(const Call<T> &call, int calls, CallContext &context) noexcept {
    if (is_gpu(call.kernel.target))
        return CallBuffers<T>(call).run_on_device(context);
    if (calls > 1)
        return SharedCall<T>{call, shared_blocks(call.kernel, call.problem, call.layout), calls}.run(context);
    return CallBuffers<T>(call).run(context);
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
    const detail::ReducedProblem reduced =
        takes_reduced(kernel) ? detail::reduced(p) : detail::ReducedProblem{p};
    const Problem &less = reduced.problem;
    if (reduced.batch_is_positions) {
        input = detail::positions_of_observations(input);
        output = detail::positions_of_observations(output);
        residual = detail::positions_of_observations(residual);
    }
    PackedLayout layout(*kernel.schedule, p);
    const T *weights = parameters.weights() + reduced.first_tap * layout.tap.stride;
    if (less.taps != p.taps)
        layout.tap.extent = less.taps;
    Workspace::State &state = *workspace.state();
    CallContext &context = begin_call(state, shared_work(state, less));
    const WorkShares shares = share_work(kernel, less, layout, context.threads);
    const Call<T> call{
        kernel, less, layout, input, weights, parameters.bias(), output, residual, shares.copied_tiles};
    const int failed = run(call, shares.calls, context);
    return status_of(failed, kernel.target, context);
}

template Status run_kernel(const Kernel &, const Problem &, Signal<const float>,
                           const PackedParameters<float> &, Signal<float>, Workspace &,
                           Signal<const float>) noexcept;
template Status run_kernel(const Kernel &, const Problem &, Signal<const double>,
                           const PackedParameters<double> &, Signal<double>, Workspace &,
                           Signal<const double>) noexcept;

} // namespace conv1d
