#include "signal_layout.h"

#include <algorithm>

namespace conv1d::detail {
namespace {

constexpr int absent = -1;

/// The one dimension of that label, or `absent`.
int find(std::string_view format, char label) noexcept {
    const std::size_t found = format.find(label);
    return found == std::string_view::npos ? absent : static_cast<int>(found);
}

/// A single element has no neighbour: 1, so that whatever stride was given fits the kernels.
std::int64_t stride(const Shape &shape, int dimension) noexcept {
    return shape.sizes()[dimension] == 1 ? 1 : shape.strides()[dimension];
}

} // namespace

bool read_layout(const Shape &shape, SignalLayout &layout) noexcept {
    const std::string_view format = shape.format();
    const int channel = find(format, 'C');
    const int spatial = find(format, 'S');
    const int time = find(format, 'T');
    const int position = spatial != absent ? spatial : time;
    if (channel == absent || position == absent || std::min(channel, position) != 0)
        return false;
    // What is neither convolved nor a channel is a batch: B, or the time steps of SCT.
    const int batch = spatial != absent && time != absent ? time : find(format, 'B');
    const std::size_t read = batch == absent ? 2 : 3;
    if (format.size() != read) // U, a repeated label, or both B and T beside S
        return false;

    layout.order = position == 0 ? MemoryOrder::scb : MemoryOrder::cbt;
    layout.position_dimension = position;
    layout.channel_dimension = channel;
    layout.length = shape.sizes()[position];
    layout.channels = shape.sizes()[channel];
    layout.batch = batch == absent ? 1 : shape.sizes()[batch];
    layout.strides = {stride(shape, position), stride(shape, channel),
                      batch == absent ? 1 : stride(shape, batch)};
    return true;
}

} // namespace conv1d::detail
