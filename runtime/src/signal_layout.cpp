#include "signal_layout.h"

#include <utility>

namespace conv1d::detail {
namespace {

constexpr int absent = -1;

/// The first dimension of that label, or `absent`.
int find(std::string_view format, char label) noexcept {
    const std::size_t found = format.find(label);
    return found == std::string_view::npos ? absent : static_cast<int>(found);
}

/// A single element has no neighbour: 1, so that whatever stride was given fits the kernels.
std::int64_t stride(const Shape &shape, int dimension) noexcept {
    return shape.sizes()[dimension] == 1 ? 1 : shape.strides()[dimension];
}

/// True if stepping past the last index of `inner` is one step of `outer`.
bool continues(const BatchLabel &inner, const BatchLabel &outer) noexcept {
    return inner.size == 1 || outer.size == 1 || outer.stride == inner.size * inner.stride;
}

/// The stride of both labels counted as one.
std::int64_t joint_stride(const BatchLabel &inner, const BatchLabel &outer) noexcept {
    return inner.size == 1 ? outer.stride : inner.stride;
}

} // namespace

bool read_layout(const Shape &shape, SignalLayout &layout) noexcept {
    const std::string_view format = shape.format();
    const int channel = find(format, 'C');
    const int spatial = find(format, 'S');
    const int position = spatial != absent ? spatial : find(format, 'T');
    if (channel == absent || position == absent)
        return false;
    layout = SignalLayout();
    layout.channel_comes_first = channel < position;
    layout.position_dimension = position;
    layout.channel_dimension = channel;
    layout.length = shape.sizes()[position];
    layout.channels = shape.sizes()[channel];
    layout.position_stride = stride(shape, position);
    layout.channel_stride = stride(shape, channel);
    std::size_t read = 0;
    for (int i = 0; i < shape.sizes().rank(); i++) {
        if (i == position || i == channel)
            continue;
        const char label = format[static_cast<std::size_t>(i)];
        if ((label != 'B' && label != 'T') || find(format, label) != i) // U, or a repeated label
            return false;
        layout.batch[read++] = {shape.sizes()[i], stride(shape, i)};
    }
    return true;
}

MemoryOrder common_order(const SignalLayout &input, const SignalLayout &output,
                         const SignalLayout &residual) noexcept {
    bool scb = true, cbt = true;
    for (const SignalLayout *layout : {&input, &output, &residual}) {
        scb = scb && layout->position_stride == 1;
        cbt = cbt && layout->channel_stride == 1;
    }
    // No vector of positions, but perhaps of channels.
    const bool single =
        input.length == 1 && output.length == 1 && (input.channels > 1 || output.channels > 1);
    if (cbt && (input.channel_comes_first || !scb || single))
        return MemoryOrder::cbt;
    return scb ? MemoryOrder::scb : MemoryOrder::strided;
}

Batches split_batches(const SignalLayout &input, const SignalLayout &output,
                      const SignalLayout &residual) noexcept {
    Batches b;
    const std::array<std::pair<const SignalLayout *, Batches::Side *>, 3> sides{
        {{&input, &b.input}, {&output, &b.output}, {&residual, &b.residual}}};
    for (const auto &[layout, side] : sides)
        side->strides = {layout->position_stride, layout->channel_stride, 1};
    for (const std::size_t inner : {std::size_t{0}, std::size_t{1}}) {
        const std::size_t outer = 1 - inner;
        bool one = true;
        for (const auto &[layout, side] : sides)
            one = one && continues(layout->batch[inner], layout->batch[outer]);
        if (!one)
            continue;
        b.batch = input.observations();
        for (const auto &[layout, side] : sides)
            side->strides.batch = joint_stride(layout->batch[inner], layout->batch[outer]);
        return b;
    }
    const std::size_t looped = input.batch[0].size < input.batch[1].size ? 0 : 1;
    b.calls = input.batch[looped].size;
    b.batch = input.batch[1 - looped].size;
    for (const auto &[layout, side] : sides) {
        side->step = layout->batch[looped].stride;
        side->strides.batch = layout->batch[1 - looped].stride;
    }
    return b;
}

} // namespace conv1d::detail
