#include "conv1d/tensor.h"

#include "error_text.h"

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace conv1d {
namespace {

constexpr std::string_view known_labels = "SCBTU";
constexpr auto alignment = std::align_val_t{64};
/// Elements whose bytes a pointer difference can count.
constexpr std::int64_t most_elements = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double);

[[noreturn]] void refuse(std::string_view format, const std::string &sentence) {
    throw std::invalid_argument("tensor '" + std::string(format) + "': " + sentence);
}

/// a + b*c for a, b, c >= 0, or none beyond most_elements.
bool add_product(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t &result) {
    if (c != 0 && b > (most_elements - a) / c)
        return false;
    result = a + b * c;
    return true;
}

Sizes dense_strides(std::string_view format, const Sizes &sizes) {
    Sizes strides = sizes;
    std::int64_t next = 1;
    for (int i = 0; i < sizes.rank(); i++) {
        strides[i] = next;
        if (!add_product(0, next, std::max<std::int64_t>(sizes[i], 0), next)) {
            refuse(format, "sizes are " + detail::list_text(sizes) + "; expected at most " +
                               std::to_string(most_elements) + " elements");
        }
    }
    return strides;
}

/// `data` itself.
template <class T>
T *checked_pointer(std::string_view format, T *data) {
    if (data == nullptr)
        refuse(format, "data is null; expected a pointer to the first element");
    if (reinterpret_cast<std::uintptr_t>(data) % alignof(T) != 0)
        refuse(format, "data is misaligned; expected an address that is a multiple of " +
                           std::to_string(alignof(T)) + " bytes");
    return data;
}

/// `data` itself, if the `count` elements there hold a tensor of that shape.
template <class T>
T *checked_memory(const Shape &shape, T *data, std::size_t count) {
    if (static_cast<std::uint64_t>(shape.span()) > count) {
        refuse(shape.format(), "memory is " + std::to_string(count) +
                                   (sizeof(T) == sizeof(float) ? " floats" : " doubles") +
                                   "; expected at least " + std::to_string(shape.span()));
    }
    return checked_pointer(shape.format(), data);
}

template <typename Values>
void copy_sizes(const Values &values, std::array<std::int64_t, Sizes::max_rank> &to) {
    if (values.size() > to.size()) {
        throw std::invalid_argument("sizes are " + std::to_string(values.size()) +
                                    " values; expected at most " + std::to_string(to.size()));
    }
    std::copy(values.begin(), values.end(), to.begin());
}

} // namespace

Sizes::Sizes(std::initializer_list<std::int64_t> values) : rank_(static_cast<int>(values.size())) {
    copy_sizes(values, values_);
}

Sizes::Sizes(const std::vector<std::int64_t> &values) : rank_(static_cast<int>(values.size())) {
    copy_sizes(values, values_);
}

bool operator==(const Sizes &a, const Sizes &b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

Shape::Shape(std::string_view format, const Sizes &sizes)
    : Shape(format, sizes, dense_strides(format, sizes)) {}

Shape::Shape(std::string_view format, const Sizes &sizes, const Sizes &strides) {
    set_labels(format, sizes);
    if (strides.rank() != sizes.rank()) {
        refuse(format, "strides are " + detail::list_text(strides) + "; expected one for each of " +
                           std::to_string(sizes.rank()) + " labels");
    }
    strides_ = strides;
    elements_ = 1;
    span_ = 1;
    for (int i = 0; i < sizes.rank(); i++) {
        if (strides[i] < 1)
            refuse(format, "stride of " + std::string(1, format[static_cast<std::size_t>(i)]) + " is " +
                               std::to_string(strides[i]) + "; expected a positive integer");
        if (!add_product(0, elements_, sizes[i], elements_) ||
            !add_product(span_, sizes[i] - 1, strides[i], span_)) {
            refuse(format, "sizes are " + detail::list_text(sizes) + " with strides " +
                               detail::list_text(strides) + "; expected at most " +
                               std::to_string(most_elements) + " elements");
        }
    }
}

void Shape::set_labels(std::string_view format, const Sizes &sizes) {
    if (format.empty() || format.size() > format_.size()) {
        refuse(format, "format has " + std::to_string(format.size()) + " labels; expected 1 to " +
                           std::to_string(format_.size()));
    }
    const std::size_t unknown = format.find_first_not_of(known_labels);
    if (unknown != std::string_view::npos)
        refuse(format,
               "label '" + std::string(1, format[unknown]) + "' is unknown; expected S, C, B, T or U");
    if (static_cast<std::size_t>(sizes.rank()) != format.size()) {
        refuse(format, "sizes are " + detail::list_text(sizes) + "; expected one for each of " +
                           std::to_string(format.size()) + " labels");
    }
    for (int i = 0; i < sizes.rank(); i++) {
        if (sizes[i] < 1)
            refuse(format, "size of " + std::string(1, format[static_cast<std::size_t>(i)]) + " is " +
                               std::to_string(sizes[i]) + "; expected a positive integer");
    }
    std::copy(format.begin(), format.end(), format_.begin());
    sizes_ = sizes;
}

int Shape::dimension(char label) const {
    const std::size_t found = format().find(label);
    if (found == std::string_view::npos)
        refuse(format(), "label '" + std::string(1, label) + "' is asked for; expected one of the format");
    return static_cast<int>(found);
}

template <class T>
void BasicTensor<T>::Free::operator()(T *p) const noexcept {
    ::operator delete(p, alignment);
}

template <class T>
BasicTensor<T>::BasicTensor(std::string_view format, const Sizes &sizes) : shape_(format, sizes) {
    const auto count = static_cast<std::size_t>(shape_.elements());
    memory_.reset(static_cast<T *>(::operator new(count * sizeof(T), alignment)));
    data_ = memory_.get();
    std::fill_n(data_, count, T(0));
}

template <class T>
BasicTensor<T>::BasicTensor(std::string_view format, const Sizes &sizes, T *data)
    : shape_(format, sizes), data_(checked_pointer(format, data)) {}

template <class T>
BasicTensor<T>::BasicTensor(std::string_view format, const Sizes &sizes, const Sizes &strides, T *data)
    : shape_(format, sizes, strides), data_(checked_pointer(format, data)) {}

template <class T>
BasicTensor<T>::BasicTensor(const Shape &shape, T *data, std::size_t count)
    : shape_(shape), data_(checked_memory(shape, data, count)) {}

template <class T>
BasicTensor<T>::BasicTensor(BasicTensor &&other) noexcept {
    *this = std::move(other);
}

template <class T>
BasicTensor<T> &BasicTensor<T>::operator=(BasicTensor &&other) noexcept {
    shape_ = std::exchange(other.shape_, Shape());
    memory_ = std::move(other.memory_);
    data_ = std::exchange(other.data_, nullptr);
    return *this;
}

template <class T>
BasicConstTensor<T>::BasicConstTensor(std::string_view format, const Sizes &sizes, const T *data)
    : shape_(format, sizes), data_(checked_pointer(format, data)) {}

template <class T>
BasicConstTensor<T>::BasicConstTensor(std::string_view format, const Sizes &sizes, const Sizes &strides,
                                      const T *data)
    : shape_(format, sizes, strides), data_(checked_pointer(format, data)) {}

template <class T>
BasicConstTensor<T>::BasicConstTensor(const Shape &shape, const T *data, std::size_t count)
    : shape_(shape), data_(checked_memory(shape, data, count)) {}

template class BasicTensor<float>;
template class BasicTensor<double>;
template class BasicConstTensor<float>;
template class BasicConstTensor<double>;

} // namespace conv1d
