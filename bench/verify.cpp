#include "bench/verify.h"

#include "conv1d/geometry.h"

#include <algorithm>
#include <cmath>

namespace conv1d::bench {
namespace {

/// Indices worth a look in [0, count): the first two, the last `at_end`, and some at random.
std::vector<std::int64_t> sampled(std::int64_t count, std::int64_t at_end, int at_random,
                                  std::mt19937 &random) {
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(2, count); i++)
        indices.push_back(i);
    for (std::int64_t i = std::max<std::int64_t>(2, count - at_end); i < count; i++)
        indices.push_back(i);
    std::uniform_int_distribution<std::int64_t> any(0, count - 1);
    for (int i = 0; i < at_random; i++)
        indices.push_back(any(random));
    return indices;
}

template <class T>
std::string verify_at(const Problem &problem, const testing::Arrays<T> &arrays, Signal<const T> output,
                      std::int64_t position, std::int64_t filter, std::int64_t batch) {
    const testing::Value want = testing::reference_at(problem, arrays, position, filter, batch);
    const Strides &strides = output.strides;
    const double got =
        output.data[position * strides.position + filter * strides.channel + batch * strides.batch];
    if (std::abs(got - want.value) <= want.error)
        return {};
    return "wrong result at position " + std::to_string(position) + ", filter " + std::to_string(filter) +
           ", batch " + std::to_string(batch) + ": " + std::to_string(got) + " instead of " +
           std::to_string(want.value);
}

/// An output is dense in any order.
template <class T>
bool has_nan(const Problem &p, const T *output) {
    return std::any_of(output, output + p.batch * p.filters * p.output_length(),
                       [](T value) { return std::isnan(value); });
}

} // namespace

template <class T>
std::vector<T> noise(std::int64_t count, std::mt19937 &random) {
    std::uniform_real_distribution<T> uniform(-1, 1);
    std::vector<T> values(static_cast<std::size_t>(count));
    for (T &value : values)
        value = uniform(random);
    return values;
}

template <class T>
std::string verify_samples(const Problem &p, const testing::Arrays<T> &arrays, Signal<const T> output,
                           int filter_block) {
    if (has_nan(p, output.data))
        return "an output was not written";
    std::mt19937 random(2);
    const std::int64_t tail = p.filters_per_group() % filter_block;
    const auto positions = sampled(p.output_length(), 3, 20, random);
    const auto filters = sampled(p.filters, std::max<std::int64_t>(tail, 2), 12, random);
    // Every pair of them, shared out to the batches, and at least four in each batch.
    const auto pairs = static_cast<std::int64_t>(positions.size() * filters.size());
    const std::int64_t pairs_a_batch = std::max<std::int64_t>(4, ceil_div(pairs, p.batch));
    for (std::int64_t i = 0; i < pairs_a_batch * p.batch; i++) {
        const auto pair = static_cast<std::size_t>(i % pairs);
        std::string wrong = verify_at(p, arrays, output, positions[pair / filters.size()],
                                      filters[pair % filters.size()], i / pairs_a_batch);
        if (!wrong.empty())
            return wrong;
    }
    return {};
}

template std::vector<float> noise(std::int64_t, std::mt19937 &);
template std::vector<double> noise(std::int64_t, std::mt19937 &);
template std::string verify_samples(const Problem &, const testing::Arrays<float> &, Signal<const float>,
                                    int);
template std::string verify_samples(const Problem &, const testing::Arrays<double> &, Signal<const double>,
                                    int);

} // namespace conv1d::bench
