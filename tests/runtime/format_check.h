#pragma once

#include "conv1d/layers.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace conv1d::testing {

/// What a format's labels mean to a layer, and where an element stands in a tensor of it.
template <class T>
class Labels {
public:
    explicit Labels(const BasicConstTensor<T> &tensor) : tensor_(tensor) {}

    char position() const { return tensor_.shape().has('S') ? 'S' : 'T'; }
    /// 1 for a batch label that the format lacks, or convolves over.
    std::int64_t batch(char label) const { return repeats(label) ? tensor_.size(label) : 1; }
    std::int64_t batch_stride(char label) const { return repeats(label) ? tensor_.stride(label) : 0; }
    Strides strides() const { return {tensor_.stride(position()), tensor_.stride('C'), batch_stride('B')}; }
    /// \param t  the time step of SCBT and SCT
    const T *time_step(std::int64_t t) const { return tensor_.data() + t * batch_stride('T'); }
    T at(std::int64_t i, std::int64_t channel, std::int64_t b, std::int64_t t) const {
        const Strides s = strides();
        return time_step(t)[i * s.position + channel * s.channel + b * s.batch];
    }

private:
    bool repeats(char label) const { return label != position() && tensor_.shape().has(label); }

    BasicConstTensor<T> tensor_;
};

/// Empty, or a sentence about the first element of `output` that is not what the definition says.
/// \param residual  empty if there was none
std::string differs_from_the_definition(const Layer &layer, const ConstTensor &input,
                                        const ConstTensor &output, const ConstTensor &residual = {});
std::string differs_from_the_definition(const Layer64 &layer, const ConstTensor64 &input,
                                        const ConstTensor64 &output, const ConstTensor64 &residual = {});

/// Seeded values in [-1, 1).
std::vector<float> noise(std::int64_t count, unsigned seed);

/// A tensor with room between any two elements, in memory of its own. The room is filled with one value.
class Spread {
public:
    static constexpr float room = -7;

    /// \param step  elements between neighbours of the first label; 1 leaves room between its rows only
    Spread(std::string_view format, const Sizes &sizes, std::int64_t step);

    Tensor view() {
        return Tensor(shape_.format(), shape_.sizes(), shape_.strides(), memory_.data() + guard);
    }
    void fill(unsigned seed);
    /// True if all memory around the elements, and between them, still has its first value.
    bool room_is_untouched() const;

private:
    static constexpr std::size_t guard = 16;

    std::vector<std::size_t> places() const; ///< in the memory, one an element

    Shape shape_;
    std::vector<float> memory_;
};

} // namespace conv1d::testing
