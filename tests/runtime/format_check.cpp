#include "format_check.h"

#include "kernel_run.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace conv1d::testing {
namespace {

Shape spread_shape(std::string_view format, const Sizes &sizes, std::int64_t step) {
    Sizes strides = sizes;
    std::int64_t next = step;
    for (int i = 0; i < sizes.rank(); i++) {
        strides[i] = next;
        next = next * sizes[i] + 3;
    }
    return {format, sizes, strides};
}

template <class T>
std::string differs(const BasicLayer<T> &layer, const BasicConstTensor<T> &input,
                    const BasicConstTensor<T> &output, const BasicConstTensor<T> &residual) {
    Problem p = layer.problem_for(input.format(), input.sizes());
    p.residual = residual.data() != nullptr;
    const Kernel &kernel = p.residual ? layer.kernel_for(input.shape(), residual.shape(), output.shape())
                                      : layer.kernel_for(input, output);
    p.minimal_filtering = filters_minimally(kernel); // direct sums have a bound of their own
    const Labels<T> in(input), out(output), added(p.residual ? residual : output);
    Arrays<T> arrays{
        {nullptr, in.strides()}, layer.weights().data(), layer.bias().data(), {nullptr, added.strides()}};
    for (std::int64_t t = 0; t < out.batch('T'); t++) {
        arrays.input.data = in.time_step(t);
        arrays.residual.data = added.time_step(t);
        for (std::int64_t b = 0; b < out.batch('B'); b++) {
            for (std::int64_t f = 0; f < p.filters; f++) {
                for (std::int64_t i = 0; i < p.output_length(); i++) {
                    const Value want = reference_at(p, arrays, i, f, b);
                    const double got = out.at(i, f, b, t);
                    if (!(std::abs(got - want.value) <= want.error)) {
                        std::ostringstream text;
                        text << "position " << i << ", filter " << f << ", B " << b << ", T " << t << ": "
                             << got << " instead of " << want.value;
                        return text.str();
                    }
                }
            }
        }
    }
    return {};
}

} // namespace

std::string differs_from_the_definition(const Layer &layer, const ConstTensor &input,
                                        const ConstTensor &output, const ConstTensor &residual) {
    return differs(layer, input, output, residual);
}

std::string differs_from_the_definition(const Layer64 &layer, const ConstTensor64 &input,
                                        const ConstTensor64 &output, const ConstTensor64 &residual) {
    return differs(layer, input, output, residual);
}

std::vector<float> noise(std::int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    std::vector<float> values(static_cast<std::size_t>(count));
    std::generate(values.begin(), values.end(), [&] { return uniform(random); });
    return values;
}

Spread::Spread(std::string_view format, const Sizes &sizes, std::int64_t step)
    : shape_(spread_shape(format, sizes, step)),
      memory_(static_cast<std::size_t>(shape_.span()) + 2 * guard, room) {}

std::vector<std::size_t> Spread::places() const {
    std::vector<std::size_t> all{guard};
    for (int dimension = 0; dimension < shape_.sizes().rank(); dimension++) {
        const std::vector<std::size_t> before = all;
        for (std::int64_t i = 1; i < shape_.sizes()[dimension]; i++) {
            for (const std::size_t place : before)
                all.push_back(place + static_cast<std::size_t>(i * shape_.strides()[dimension]));
        }
    }
    return all;
}

void Spread::fill(unsigned seed) {
    const std::vector<float> values = noise(shape_.elements(), seed);
    const std::vector<std::size_t> all = places();
    for (std::size_t i = 0; i < all.size(); i++)
        memory_[all[i]] = values[i];
}

bool Spread::room_is_untouched() const {
    std::vector<float> rest = memory_;
    for (const std::size_t place : places())
        rest[place] = room;
    return std::all_of(rest.begin(), rest.end(), [](float value) { return value == room; });
}

} // namespace conv1d::testing
