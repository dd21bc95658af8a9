#include "bench/peers/onednn_shapes.h"

namespace conv1d::bench {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

memory::desc Shapes::activations(std::int64_t channels, std::int64_t length, bool any) const {
    const bool channels_first = p_.order == MemoryOrder::scb;
    const Tag tag =
        two_dimensional_ ? (channels_first ? Tag::nchw : Tag::nhwc) : (channels_first ? Tag::ncw : Tag::nwc);
    return {with_height({p_.batch, channels, length}, 1), memory::data_type::f32, any ? Tag::any : tag};
}

memory::desc Shapes::weights(bool any) const {
    const bool transposed = p_.operation == Operation::transposed_convolution;
    const std::int64_t g = p_.groups;
    Dims dims{p_.filters / g, p_.channels / g, p_.taps};
    if (g > 1)
        dims.insert(dims.begin(), g);
    dims = with_height(dims, 1);
    if (any)
        return {dims, memory::data_type::f32, Tag::any};
    // Filters and channels of a group, exchanged in memory for transposed layers.
    Dims strides(dims.size(), 1);
    const std::size_t filters = g > 1 ? 1 : 0;
    const std::int64_t rows = transposed ? p_.filters / g : p_.channels / g;
    strides[filters] = transposed ? p_.taps : rows * p_.taps;
    strides[filters + 1] = transposed ? rows * p_.taps : p_.taps;
    if (g > 1)
        strides[0] = p_.filters / g * (p_.channels / g) * p_.taps;
    return {dims, memory::data_type::f32, strides};
}

Dims Shapes::with_height(Dims dims, std::int64_t height) const {
    if (two_dimensional_)
        dims.insert(dims.end() - 1, height);
    return dims;
}

void Processor::reorder(memory &from, memory &to) {
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
}

memory Processor::laid_out(const float *plain, const memory::desc &from, const memory::desc &to) {
    memory source(from, engine, const_cast<float *>(plain)), result(to, engine);
    reorder(source, result);
    return result;
}

std::vector<float> Processor::values(memory &from, const memory::desc &plain) {
    std::vector<float> result(plain.get_size() / sizeof(float));
    memory to(plain, engine, result.data());
    reorder(from, to);
    return result;
}

std::string to_string(Posing posing) {
    constexpr const char *layouts[] = {"plain", "own", "reordered"};
    return std::string(posing.two_dimensional ? "2d-" : "1d-") + layouts[static_cast<int>(posing.layout)];
}

std::string onednn_version() {
    const dnnl_version_t &version = *dnnl_version();
    return "oneDNN " + std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
           std::to_string(version.patch);
}

} // namespace conv1d::bench
