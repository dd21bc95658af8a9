#include "conv1d/run_kernel.h"

#include "conv1d/geometry.h"
#include "cuda_driver.h"
#include "halide_hooks.h"
#include "kernel_call.h"
#include "reduced_problem.h"
#include "schedules/minimal_filter.h"
#include "schedules/scratch.h"

#include <algorithm>
#include <utility>

namespace conv1d {
namespace {

/// Register tiles of one task of the parallel loop along the signal, no more than there are: as many tasks
/// for each thread, as long as that loop is the one that threads share.
std::int32_t tiles_of_a_task(const Kernel &kernel, const Problem &p, int threads) noexcept {
    const Schedule &schedule = *kernel.schedule;
    const Tile &tile = schedule.tile;
    const bool minimal = schedule.weight_order == WeightOrder::minimal_filter; // sees to the cache itself
    const std::int64_t positions =
        minimal ? schedules::whole_positions(tile.positions, p.dilation) : tile.positions;
    const std::int64_t tiles = std::max<std::int64_t>(ceil_div(schedules::tiled_positions(p), positions), 1);
    const std::int64_t most = minimal ? std::min<std::int64_t>(tile.copied, tiles)
                                      : schedules::copied_tiles(p, tile, schedule.input_copy);
    const bool loops_over_groups = p.groups > 1 && schedule.weight_order != WeightOrder::group_inner;
    if (threads == 1 || p.batch > 1 || loops_over_groups)
        return static_cast<std::int32_t>(most);
    const std::int64_t tasks = ceil_div(ceil_div(tiles, most), threads) * threads;
    return static_cast<std::int32_t>(ceil_div(tiles, tasks));
}

/// The buffers of one call, as the kernel signature lists them.
class CallBuffers {
public:
    template <class T>
    CallBuffers(const Problem &p, Signal<const T> input, const PackedLayout &layout, const T *weights,
                const T *bias, Signal<T> output, Signal<const T> residual) noexcept
        : input_(signal(input, p.length, p.channels, p)), weights_(weights, layout.weights()),
          bias_(bias, layout.bias()), residual_(signal(residual, p.output_length(), p.filters, p)),
          output_(signal(output, p.output_length(), p.filters, p)) {}

    int run(const Kernel &kernel, const Problem &p, CallContext &context) noexcept {
        halide_buffer_t *residual = p.residual ? &residual_.descriptor : &output_.descriptor;
        return kernel.run(&context, &input_.descriptor, &weights_.descriptor, &bias_.descriptor, residual,
                          static_cast<std::int32_t>(kernel_stride(p)), static_cast<std::int32_t>(p.dilation),
                          static_cast<std::int32_t>(kernel_tap_step(p)), static_cast<std::int32_t>(p.left),
                          static_cast<std::int32_t>(p.padding_mode), p.padding_value,
                          static_cast<std::int32_t>(p.input_activation), p.input_slope,
                          static_cast<std::int32_t>(p.activation), p.slope, p.residual ? 1 : 0,
                          tiles_of_a_task(kernel, p, context.threads), &output_.descriptor);
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
    CallBuffers buffers(less, input, layout, weights, parameters.bias(), output, residual);
    CallContext &context = begin_call(*workspace.state(), less.flops());
    const int failed = is_gpu(kernel.target) ? buffers.run_on_device(kernel, less, context)
                                             : buffers.run(kernel, less, context);
    context.arena.clear(schedules::table_bytes(less, kernel.schedule->input_copy));
    return status_of(failed, kernel.target, context);
}

template Status run_kernel(const Kernel &, const Problem &, Signal<const float>,
                           const PackedParameters<float> &, Signal<float>, Workspace &,
                           Signal<const float>) noexcept;
template Status run_kernel(const Kernel &, const Problem &, Signal<const double>,
                           const PackedParameters<double> &, Signal<double>, Workspace &,
                           Signal<const double>) noexcept;

} // namespace conv1d
