#include "bench/forward_run.h"

#include "bench/layer_of.h"
#include "bench/verify.h"
#include "tests/tolerance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

namespace conv1d::bench {
namespace {

Strides strides_of(const Shape &shape) {
    return {shape.stride('S'), shape.stride('C'), shape.stride('B')};
}

std::vector<float> absolute(const float *values, std::size_t count) {
    std::vector<float> result(values, values + count);
    for (float &value : result)
        value = std::abs(value);
    return result;
}

/// What the sums of the run's outputs would be if nothing cancelled.
Tensor magnitudes(Problem p, const Tensor &input, const conv1d::Layer &layer) {
    p.padding_value = std::abs(p.padding_value);
    const std::unique_ptr<conv1d::Layer> all_positive = layer_of(p);
    all_positive->set_weights(absolute(layer.weights().data(), layer.weights().size()));
    all_positive->set_bias(absolute(layer.bias().data(), layer.bias().size()));
    const std::vector<float> x = absolute(input.data(), static_cast<std::size_t>(input.elements()));
    return all_positive->forward(ConstTensor(input.format(), input.sizes(), x.data()));
}

} // namespace

ForwardRun::ForwardRun(const Problem &problem, int threads, const std::string &schedule)
    : problem_(problem), layer_(layer_of(problem)), input_(format_of(problem), input_sizes_of(problem)) {
    if (problem.activation != Activation::none || problem.input_activation != Activation::none ||
        problem.residual || problem.element != ElementType::float32)
        throw std::invalid_argument("problem is '" + to_string(problem) +
                                    "'; expected float32, without activation and residual");
    std::mt19937 random(1);
    const std::vector<float> values = noise<float>(input_.elements(), random);
    std::ranges::copy(values, input_.data());
    layer_->set_threads(threads);
    layer_->force_schedule(schedule);
    layer_->set_weights(noise<float>(problem.channels_per_group() * problem.filters * problem.taps, random));
    layer_->set_bias(noise<float>(problem.filters, random));
    output_ = Tensor(input_.format(), layer_->output_sizes(input_.format(), input_.sizes()));
    layer_->prepare(input_, output_);
    workspace_ = layer_->make_workspace(input_, output_);
}

void ForwardRun::verify() {
    std::fill_n(output_.data(), output_.elements(), std::numeric_limits<float>::quiet_NaN());
    std::string wrong;
    if (const Status status = run(); status != Status::ok)
        wrong = std::string(to_string(status)) + ", " + workspace_.error();
    else
        wrong = verify_samples<float>(problem_,
                                      {{input_.data(), strides_of(input_.shape())},
                                       layer_->weights().data(),
                                       layer_->bias().data(),
                                       {}},
                                      {output_.data(), strides_of(output_.shape())},
                                      kernel().schedule->tile.filters);
    if (!wrong.empty())
        throw std::runtime_error(to_string(problem_) + " with " + kernel().schedule->name + ": " + wrong);
}

std::vector<float> ForwardRun::tolerances() const {
    const Tensor sizes = magnitudes(problem_, input_, *layer_);
    std::vector<float> result(sizes.data(), sizes.data() + sizes.elements());
    for (float &value : result)
        value = static_cast<float>(2 * testing::sum_tolerance(problem_, double{value}));
    return result;
}

std::string ForwardRun::difference(const std::vector<float> &output) const {
    if (static_cast<std::int64_t>(output.size()) != output_.elements())
        return std::to_string(output.size()) + " elements instead of " + std::to_string(output_.elements());
    const std::vector<float> allowed = tolerances();
    for (std::size_t i = 0; i < output.size(); i++) {
        if (!(std::abs(output_.data()[i] - output[i]) <= allowed[i]))
            return "element " + std::to_string(i) + " is " + std::to_string(output[i]) + " instead of " +
                   std::to_string(output_.data()[i]);
    }
    return {};
}

} // namespace conv1d::bench
