#pragma once

#include "conv1d/tensor.h"
#include "conv1d/visibility.h"

#include <HalideBuffer.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Halide::Runtime::Buffer and tensors over the same memory, without a copy. For programs that have Halide's
/// headers; nothing else of the library needs them.
///
/// Dimensions. Dimension i of the buffer is label i of the format, with its stride. Index 0 of the tensor is
/// the buffer's min. A buffer made here has mins of 0.
/// Ownership. Neither side keeps the other's memory alive.
/// Dirty bits. Layers read and write the host's memory. A buffer whose device copy is newer (device_dirty)
/// is refused: call its copy_to_host() first. as_tensor() marks the buffer host_dirty, as the memory is
/// lent to be written; whoever uses the device next copies it there. as_const_tensor() changes no bit. A
/// buffer made from a tensor starts with both bits clear; after Halide has written to it on a device, call
/// its copy_to_host() before the tensor is read.
namespace CONV1D_HIDDEN conv1d {
namespace detail {

[[noreturn]] inline void refuse_buffer(std::string_view format, const std::string &sentence) {
    throw std::invalid_argument("Halide buffer '" + std::string(format) + "': " + sentence);
}

/// Sizes and strides of a buffer that a tensor of that format can stand for.
template <class Buffer>
Shape buffer_shape(std::string_view format, const Buffer &buffer) {
    const auto dimensions = static_cast<std::size_t>(buffer.dimensions());
    if (dimensions != format.size()) {
        refuse_buffer(format, "buffer has " + std::to_string(dimensions) +
                                  " dimensions; expected one for each of " + std::to_string(format.size()) +
                                  " labels");
    }
    if (buffer.device_dirty())
        refuse_buffer(format, "its device copy is newer than the host's; expected copy_to_host() before");
    std::vector<std::int64_t> sizes, strides;
    for (int i = 0; i < buffer.dimensions(); i++) {
        sizes.push_back(buffer.dim(i).extent());
        strides.push_back(buffer.dim(i).stride());
    }
    return {format, sizes, strides};
}

/// A buffer descriptor over a tensor's memory.
template <class T>
Halide::Runtime::Buffer<T> make_buffer(const Shape &shape, T *data) {
    halide_dimension_t dimensions[Sizes::max_rank];
    const auto fits = [](std::int64_t value) { return value <= std::numeric_limits<std::int32_t>::max(); };
    for (int i = 0; i < shape.sizes().rank(); i++) {
        if (!fits(shape.sizes()[i]) || !fits(shape.strides()[i])) {
            const std::string label(1, shape.format()[static_cast<std::size_t>(i)]);
            refuse_buffer(shape.format(),
                          "size and stride of " + label + " are " + std::to_string(shape.sizes()[i]) +
                              " and " + std::to_string(shape.strides()[i]) + "; expected at most 2147483647");
        }
        dimensions[i] = halide_dimension_t(0, static_cast<std::int32_t>(shape.sizes()[i]),
                                           static_cast<std::int32_t>(shape.strides()[i]));
    }
    return Halide::Runtime::Buffer<T>(data, shape.sizes().rank(), dimensions);
}

} // namespace detail

/// A tensor over the buffer's memory, to be read and written.
/// \throws std::invalid_argument if the buffer has another number of dimensions, no host memory, a stride
/// below 1, or a newer device copy; as Tensor
template <class T, int dimensions, int in_class>
BasicTensor<T> as_tensor(std::string_view format, Halide::Runtime::Buffer<T, dimensions, in_class> &buffer) {
    const Shape shape = detail::buffer_shape(format, buffer);
    BasicTensor<T> tensor(format, shape.sizes(), shape.strides(), buffer.data());
    buffer.set_host_dirty();
    return tensor;
}

/// The same to be read only, of a buffer whose elements may be const.
template <class T, int dimensions, int in_class>
BasicConstTensor<std::remove_const_t<T>>
as_const_tensor(std::string_view format, const Halide::Runtime::Buffer<T, dimensions, in_class> &buffer) {
    const Shape shape = detail::buffer_shape(format, buffer);
    return {format, shape.sizes(), shape.strides(), buffer.data()};
}

/// A buffer over the tensor's memory. \throws std::invalid_argument if a size or stride exceeds 32 bits
template <class T>
Halide::Runtime::Buffer<T> as_halide_buffer(BasicTensor<T> &tensor) {
    return detail::make_buffer(tensor.shape(), tensor.data());
}
template <class T>
Halide::Runtime::Buffer<const T> as_halide_buffer(const BasicTensor<T> &tensor) {
    return detail::make_buffer(tensor.shape(), tensor.data());
}
template <class T>
Halide::Runtime::Buffer<const T> as_halide_buffer(const BasicConstTensor<T> &tensor) {
    return detail::make_buffer(tensor.shape(), tensor.data());
}

} // namespace conv1d
