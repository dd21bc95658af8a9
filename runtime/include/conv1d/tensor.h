#pragma once

#include "conv1d/visibility.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>
#if __has_include(<span>)
#include <span> // empty before C++20
#endif

namespace CONV1D_HIDDEN conv1d {

/// One number for each dimension of a tensor, first label first. Never allocates.
class Sizes {
public:
    static constexpr int max_rank = 8;

    Sizes() = default;
    /// \throws std::invalid_argument for more than max_rank values
    Sizes(std::initializer_list<std::int64_t> values);
    Sizes(const std::vector<std::int64_t> &values);

    int rank() const noexcept { return rank_; }
    std::int64_t operator[](int i) const noexcept { return values_[static_cast<std::size_t>(i)]; }
    std::int64_t &operator[](int i) noexcept { return values_[static_cast<std::size_t>(i)]; }
    const std::int64_t *begin() const noexcept { return values_.data(); }
    const std::int64_t *end() const noexcept { return values_.data() + rank_; }
    friend bool operator==(const Sizes &a, const Sizes &b) noexcept;
    friend bool operator!=(const Sizes &a, const Sizes &b) noexcept { return !(a == b); }

private:
    std::array<std::int64_t, max_rank> values_{};
    int rank_ = 0;
};

/// Labels, sizes and strides of a tensor. A label is one letter a dimension: S spatial, C channel, B batch, T
/// time, U unspecified; labels may repeat. The first label is the fastest in memory.
class Shape {
public:
    /// No dimensions and no elements.
    Shape() = default;
    /// Dense: the stride of a label is the product of the sizes before it.
    /// \throws std::invalid_argument for an unknown label, a count of sizes that differs from that of the
    /// labels,
    ///         a size below 1, or a byte count beyond the address space
    Shape(std::string_view format, const Sizes &sizes);
    /// \param strides  distance between neighbours, in elements, at least 1. Elements may share memory, as
    /// those of
    ///                 overlapping frames do; a layer refuses that for an output.
    Shape(std::string_view format, const Sizes &sizes, const Sizes &strides);

    std::string_view format() const noexcept {
        return {format_.data(), static_cast<std::size_t>(sizes_.rank())};
    }
    const Sizes &sizes() const noexcept { return sizes_; }
    const Sizes &strides() const noexcept { return strides_; }
    /// Of the first dimension with that label. \throws std::invalid_argument if there is none
    std::int64_t size(char label) const { return sizes_[dimension(label)]; }
    std::int64_t stride(char label) const { return strides_[dimension(label)]; }
    bool has(char label) const noexcept { return format().find(label) != std::string_view::npos; }
    /// Product of the sizes; 0 without dimensions.
    std::int64_t elements() const noexcept { return elements_; }
    /// Elements from the first to the last in memory, both counted: elements() when dense.
    std::int64_t span() const noexcept { return span_; }

    friend bool operator==(const Shape &a, const Shape &b) noexcept {
        return a.format() == b.format() && a.sizes_ == b.sizes_ && a.strides_ == b.strides_;
    }
    friend bool operator!=(const Shape &a, const Shape &b) noexcept { return !(a == b); }

private:
    void set_labels(std::string_view format, const Sizes &sizes);
    int dimension(char label) const;

    std::array<char, Sizes::max_rank> format_{};
    Sizes sizes_;
    Sizes strides_;
    std::int64_t elements_ = 0;
    std::int64_t span_ = 0;
};

/// Values of a Shape, float or double, in memory that the tensor owns or borrows.
///
///     Tensor x("SCB", {3000, 80, 1});            // owns: zeros, 64-byte aligned
///     Tensor y("CBT", {80, 1, 3000}, pointer);   // borrows: the caller keeps the memory alive
///
/// Ownership. Borrowing neither allocates nor copies, so it may be done in real-time code; the memory must
/// live as long as the tensor is used. Memory that may only be read is borrowed by a ConstTensor; a
/// Halide::Runtime::Buffer by conv1d/halide_buffer.h.
/// Alignment. Borrowed memory needs that of its element type, 4 or 8 bytes, no more.
/// Aliasing. Any number of tensors may share memory. A layer refuses an output whose address range overlaps
/// its input's, or whose elements share memory with each other.
/// Movable; a moved-from tensor is empty.
template <class T>
class BasicTensor {
public:
    /// Empty: no dimensions, no memory.
    BasicTensor() = default;
    /// Owns dense memory, all zeros. \throws as Shape; std::bad_alloc
    BasicTensor(std::string_view format, const Sizes &sizes);
    /// Borrows dense memory of elements() values.
    /// \throws as Shape; std::invalid_argument if data is null or not aligned to its type
    BasicTensor(std::string_view format, const Sizes &sizes, T *data);
    /// Borrows memory with strides in elements, span() values of it.
    BasicTensor(std::string_view format, const Sizes &sizes, const Sizes &strides, T *data);
#if defined(__cpp_lib_span)
    /// The same of memory whose size is known: elements() values, or span() with strides, and it may be
    /// longer. \throws std::invalid_argument also if it is shorter
    BasicTensor(std::string_view format, const Sizes &sizes, std::span<T> memory)
        : BasicTensor(Shape(format, sizes), memory.data(), memory.size()) {}
    BasicTensor(std::string_view format, const Sizes &sizes, const Sizes &strides, std::span<T> memory)
        : BasicTensor(Shape(format, sizes, strides), memory.data(), memory.size()) {}
#endif

    BasicTensor(BasicTensor &&other) noexcept;
    BasicTensor &operator=(BasicTensor &&other) noexcept;
    ~BasicTensor() = default;

    const Shape &shape() const noexcept {
        return shape_;
    }
    std::string_view format() const noexcept {
        return shape_.format();
    }
    const Sizes &sizes() const noexcept {
        return shape_.sizes();
    }
    std::int64_t size(char label) const {
        return shape_.size(label);
    }
    const Sizes &strides() const noexcept {
        return shape_.strides();
    }
    std::int64_t stride(char label) const {
        return shape_.stride(label);
    }
    std::int64_t elements() const noexcept {
        return shape_.elements();
    }
    bool owns_memory() const noexcept {
        return memory_ != nullptr;
    }
    /// The element whose every index is 0; null when empty.
    T *data() noexcept {
        return data_;
    }
    const T *data() const noexcept {
        return data_;
    }

private:
    struct Free {
        void operator()(T *p) const noexcept;
    };
    BasicTensor(const Shape &shape, T *data, std::size_t count);

    Shape shape_;
    std::unique_ptr<T[], Free> memory_;
    T *data_ = nullptr;
};

/// Read-only values of a Shape, in memory that somebody else owns: what a layer takes as input. A
/// Tensor becomes one by itself, and must outlive it.
///
///     ConstTensor x("SCB", {3000, 80, 1}, pointer_to_const);
///
/// Ownership, alignment and aliasing as of a Tensor that borrows. Copies share the memory.
template <class T>
class BasicConstTensor {
public:
    /// Empty: no dimensions, no memory.
    BasicConstTensor() = default;
    BasicConstTensor(const BasicTensor<T> &tensor) noexcept : shape_(tensor.shape()), data_(tensor.data()) {}
    /// Dense memory of elements() values.
    /// \throws as Shape; std::invalid_argument if data is null or not aligned to its type
    BasicConstTensor(std::string_view format, const Sizes &sizes, const T *data);
    /// Memory with strides in elements, span() values of it.
    BasicConstTensor(std::string_view format, const Sizes &sizes, const Sizes &strides, const T *data);
#if defined(__cpp_lib_span)
    /// The same of memory whose size is known, as of a Tensor.
    BasicConstTensor(std::string_view format, const Sizes &sizes, std::span<const T> memory)
        : BasicConstTensor(Shape(format, sizes), memory.data(), memory.size()) {}
    BasicConstTensor(std::string_view format, const Sizes &sizes, const Sizes &strides,
                     std::span<const T> memory)
        : BasicConstTensor(Shape(format, sizes, strides), memory.data(), memory.size()) {}
#endif

    const Shape &shape() const noexcept {
        return shape_;
    }
    std::string_view format() const noexcept {
        return shape_.format();
    }
    const Sizes &sizes() const noexcept {
        return shape_.sizes();
    }
    std::int64_t size(char label) const {
        return shape_.size(label);
    }
    const Sizes &strides() const noexcept {
        return shape_.strides();
    }
    std::int64_t stride(char label) const {
        return shape_.stride(label);
    }
    std::int64_t elements() const noexcept {
        return shape_.elements();
    }
    /// The element whose every index is 0; null when empty.
    const T *data() const noexcept {
        return data_;
    }

private:
    BasicConstTensor(const Shape &shape, const T *data, std::size_t count);

    Shape shape_;
    const T *data_ = nullptr;
};

using Tensor = BasicTensor<float>;
using ConstTensor = BasicConstTensor<float>;
using Tensor64 = BasicTensor<double>;
using ConstTensor64 = BasicConstTensor<double>;

} // namespace conv1d
