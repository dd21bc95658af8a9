#include "bench/layer_run.h"

#include "conv1d/geometry.h"
#include "tests/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace conv1d::bench {
namespace {

std::vector<float> noise(std::int64_t count, std::mt19937 &random) {
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float &value : values)
        value = uniform(random);
    return values;
}

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

} // namespace

LayerRun::LayerRun(const Kernel &kernel, const Problem &problem, int threads)
    : kernel_(kernel), problem_(problem), workspace_(kernel.schedule->scratch_bytes(problem), threads) {
    const Problem &p = problem_;
    std::mt19937 random(1);
    input_strides_ = dense_strides(p.order, p.length, p.channels, p.batch);
    output_strides_ = dense_strides(p.order, p.output_length(), p.filters, p.batch);
    input_ = noise(p.batch * p.channels * p.length, random);
    weights_ = noise(p.channels_per_group() * p.filters * p.taps, random);
    bias_ = noise(p.filters, random);
    output_.assign(static_cast<std::size_t>(p.batch * p.filters * p.output_length()),
                   std::numeric_limits<float>::quiet_NaN());
    packed_ = PackedParameters<float>(*kernel.schedule, p, weights_.data(), bias_.data());
}

Status LayerRun::run() noexcept {
    return run_kernel(kernel_, problem_, {input_.data(), input_strides_}, packed_,
                      {output_.data(), output_strides_}, workspace_);
}

std::string LayerRun::verify_at(std::int64_t position, std::int64_t filter, std::int64_t batch) const {
    const testing::Arrays<float> arrays{
        {input_.data(), input_strides_}, weights_.data(), bias_.data(), {}};
    const testing::Value want = testing::reference_at(problem_, arrays, position, filter, batch);
    const float got =
        output_[static_cast<std::size_t>(position * output_strides_.position +
                                         filter * output_strides_.channel + batch * output_strides_.batch)];
    if (std::abs(got - want.value) <= want.error)
        return {};
    return "wrong result at position " + std::to_string(position) + ", filter " + std::to_string(filter) +
           ", batch " + std::to_string(batch) + ": " + std::to_string(got) + " instead of " +
           std::to_string(want.value);
}

std::string LayerRun::verify_samples() const {
    const Problem &p = problem_;
    std::mt19937 random(2);
    const std::int64_t tail = p.filters_per_group() % kernel_.schedule->filter_block;
    const auto positions = sampled(p.output_length(), 3, 20, random);
    const auto filters = sampled(p.filters, std::max<std::int64_t>(tail, 2), 12, random);
    // Every pair of them, shared out to the batches, and at least four in each batch.
    const auto pairs = static_cast<std::int64_t>(positions.size() * filters.size());
    const std::int64_t pairs_a_batch = std::max<std::int64_t>(4, ceil_div(pairs, p.batch));
    for (std::int64_t i = 0; i < pairs_a_batch * p.batch; i++) {
        const auto pair = static_cast<std::size_t>(i % pairs);
        std::string wrong =
            verify_at(positions[pair / filters.size()], filters[pair % filters.size()], i / pairs_a_batch);
        if (!wrong.empty())
            return wrong;
    }
    return {};
}

Verdict LayerRun::verify() {
    if (const Status status = run(); status != Status::ok) {
        std::string error = workspace_.error();
        while (error.ends_with('\n'))
            error.pop_back();
        const bool known = error.find("not supported yet") != std::string::npos; // as the generators say it
        return {known ? Verdict::unsupported : Verdict::wrong, std::string(to_string(status)) + ", " + error};
    }
    if (std::any_of(output_.begin(), output_.end(), [](float v) { return std::isnan(v); }))
        return {Verdict::wrong, "an output was not written"};
    std::string wrong = verify_samples();
    return {wrong.empty() ? Verdict::right : Verdict::wrong, std::move(wrong)};
}

} // namespace conv1d::bench
