#include "conv1d/solver.h"

#include "error_text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace conv1d {
namespace detail {

/// The weights or the bias of a layer, and how they are to change.
template <class T>
struct Learnable {
    const char *name;
    const BasicLayer<T> *layer;
    const std::vector<T> *values;
    const std::vector<T> *gradient; // null: none
    double learn_rate_factor, l2_factor;
    double scale = 1; // of the gradient, by clipping

    bool frozen() const { return gradient == nullptr || learn_rate_factor == 0; }
    std::string title() const {
        return layer_title(layer->operation(), layer->name()) + ": " + name + " gradient ";
    }
};

} // namespace detail

namespace {

using detail::Learnable;

[[noreturn]] void refuse(const std::string &sentence) {
    throw std::invalid_argument(sentence);
}

void expect(bool right, const char *name, double value, const char *range) {
    if (!right)
        refuse(std::string("solver: ") + name + " is " + to_string(Value(value)) + "; expected a number " +
               range);
}

void expect_positive(const char *name, double value) {
    expect(value > 0 && std::isfinite(value), name, value, "above 0, and finite");
}

void expect_below_one(const char *name, double value) {
    expect(value >= 0 && value < 1, name, value, "from 0 to below 1");
}

template <class T>
std::vector<Learnable<T>> learnables(const std::vector<BasicUpdate<T>> &updates) {
    std::vector<Learnable<T>> arrays;
    for (std::size_t i = 0; i < updates.size(); i++) {
        const BasicLayer<T> *layer = updates[i].layer;
        const auto is_it = [&](const BasicUpdate<T> &other) { return other.layer == layer; };
        const auto end = updates.begin() + static_cast<std::ptrdiff_t>(i);
        if (layer == nullptr || std::find_if(updates.begin(), end, is_it) != end) {
            refuse("solver: update " + std::to_string(i) + " has " +
                   (layer == nullptr ? "no layer" : "the layer of an earlier one") +
                   "; expected one of its own");
        }
        arrays.push_back({"weights", layer, &layer->weights(), updates[i].weights_gradient,
                          layer->weight_learn_rate_factor(), layer->weight_l2_factor()});
        arrays.push_back({"bias", layer, &layer->bias(), updates[i].bias_gradient,
                          layer->bias_learn_rate_factor(), layer->bias_l2_factor()});
    }
    return arrays;
}

template <class T>
double norm(const std::vector<T> &values) {
    T largest = 0;
    for (const T value : values)
        largest = std::max(largest, std::abs(value));
    if (largest == 0)
        return 0;
    double sum = 0; // of numbers up to 1, so that it cannot overflow
    for (const T value : values) {
        const double part = static_cast<double>(value) / static_cast<double>(largest);
        sum += part * part;
    }
    return static_cast<double>(largest) * std::sqrt(sum);
}

} // namespace

template <class T>
BasicSolver<T>::BasicSolver(const SolverOptions &options) : options_(options) {
    expect_positive("learn_rate", options.learn_rate);
    expect(options.l2_regularization >= 0 && std::isfinite(options.l2_regularization), "l2_regularization",
           options.l2_regularization, "from 0, and finite");
    expect_below_one("momentum", options.momentum);
    expect_below_one("gradient_decay_factor", options.gradient_decay_factor);
    expect_below_one("squared_gradient_decay_factor", options.squared_gradient_decay_factor);
    expect_positive("epsilon", options.epsilon);
    expect(options.gradient_threshold > 0, "gradient_threshold", options.gradient_threshold, "above 0");
}

template <class T>
void BasicSolver<T>::set_learn_rate(double rate) {
    expect_positive("learn_rate", rate);
    options_.learn_rate = rate;
}

template <class T>
void BasicSolver<T>::step(const std::vector<BasicUpdate<T>> &updates) {
    std::vector<Learnable<T>> arrays = learnables(updates);
    check(arrays);
    clip(arrays);
    // Everything that can fail is done on copies.
    std::vector<Memory> memory = memory_;
    memory.resize(arrays.size());
    std::vector<std::vector<T>> values(arrays.size());
    for (std::size_t i = 0; i < arrays.size(); i++) {
        if (!arrays[i].frozen())
            values[i] = changed(arrays[i], memory[i]);
    }
    for (std::size_t i = 0; i < arrays.size(); i += 2) {
        BasicLayer<T> &layer = *updates[i / 2].layer;
        if (!arrays[i].frozen())
            layer.set_weights(std::move(values[i]));
        if (!arrays[i + 1].frozen())
            layer.set_bias(std::move(values[i + 1]));
    }
    memory_ = std::move(memory);
    steps_++;
}

template <class T>
void BasicSolver<T>::check(const std::vector<Learnable<T>> &arrays) const {
    if (!memory_.empty() && arrays.size() != memory_.size()) {
        refuse("solver: " + std::to_string(arrays.size() / 2) + " layers; expected " +
               std::to_string(memory_.size() / 2) + ", as in the first step");
    }
    for (std::size_t i = 0; i < arrays.size(); i++) {
        const Learnable<T> &array = arrays[i];
        if (array.frozen())
            continue;
        const std::size_t count = array.values->size(), given = array.gradient->size();
        if (count == 0)
            refuse(array.title() + "has no " + array.name + " to change; expected an initialized layer");
        if (given != count) {
            refuse(array.title() + "has " + std::to_string(given) + " elements; expected " +
                   std::to_string(count) + ", as the " + array.name);
        }
        if (i < memory_.size()) {
            const std::size_t kept = std::max(memory_[i].gradient.size(), memory_[i].squared.size());
            if (kept != 0 && kept != count) {
                refuse(array.title() + "has " + std::to_string(count) + " elements; expected " +
                       std::to_string(kept) + ", as in earlier steps");
            }
        }
        const auto wrong = std::find_if(array.gradient->begin(), array.gradient->end(),
                                        [](T value) { return !std::isfinite(value); });
        if (wrong != array.gradient->end()) {
            refuse(array.title() + "is " + to_string(Value(static_cast<double>(*wrong))) + " at element " +
                   std::to_string(wrong - array.gradient->begin()) + "; expected finite numbers");
        }
    }
}

template <class T>
void BasicSolver<T>::clip(std::vector<Learnable<T>> &arrays) const {
    const double threshold = options_.gradient_threshold;
    if (std::isinf(threshold) || options_.threshold_method == ThresholdMethod::absolute_value)
        return;
    double global = 0;
    for (Learnable<T> &array : arrays) {
        if (array.frozen())
            continue;
        const double size = norm(*array.gradient);
        global = std::hypot(global, size);
        if (options_.threshold_method == ThresholdMethod::l2_norm && size > threshold)
            array.scale = threshold / size;
    }
    if (options_.threshold_method == ThresholdMethod::global_l2_norm && global > threshold) {
        for (Learnable<T> &array : arrays)
            array.scale = threshold / global;
    }
}

template <class T>
std::vector<T> BasicSolver<T>::changed(const Learnable<T> &array, Memory &memory) const {
    const auto rounded = [](double value) { return static_cast<T>(value); };
    const auto t = static_cast<double>(++memory.steps);
    const T bound = options_.threshold_method == ThresholdMethod::absolute_value
                        ? rounded(options_.gradient_threshold)
                        : std::numeric_limits<T>::infinity();
    const T scale = rounded(array.scale), l2 = rounded(options_.l2_regularization * array.l2_factor),
            rate = rounded(options_.learn_rate * array.learn_rate_factor),
            epsilon = rounded(options_.epsilon), momentum = rounded(options_.momentum),
            beta1 = rounded(options_.gradient_decay_factor),
            beta2 = rounded(options_.squared_gradient_decay_factor),
            rest1 = rounded(1 - options_.gradient_decay_factor),
            rest2 = rounded(1 - options_.squared_gradient_decay_factor),
            unbias1 = rounded(1 / (1 - std::pow(options_.gradient_decay_factor, t))),
            unbias2 = rounded(1 / (1 - std::pow(options_.squared_gradient_decay_factor, t)));

    std::vector<T> values = *array.values;
    const std::size_t count = values.size();
    memory.gradient.resize(options_.method == Method::rmsprop ? 0 : count);
    memory.squared.resize(options_.method == Method::sgdm ? 0 : count);
    const T *gradient = array.gradient->data();
    T *m = memory.gradient.data(), *v = memory.squared.data();
    const auto gradient_of = [&](std::size_t i) {
        return std::clamp(scale * gradient[i], -bound, bound) + l2 * values[i];
    };
    switch (options_.method) {
    case Method::sgdm:
        for (std::size_t i = 0; i < count; i++) {
            m[i] = momentum * m[i] - rate * gradient_of(i);
            values[i] += m[i];
        }
        break;
    case Method::rmsprop:
        for (std::size_t i = 0; i < count; i++) {
            const T g = gradient_of(i);
            v[i] = beta2 * v[i] + rest2 * (g * g);
            values[i] -= rate * g / (std::sqrt(v[i]) + epsilon);
        }
        break;
    case Method::adam:
        for (std::size_t i = 0; i < count; i++) {
            const T g = gradient_of(i);
            m[i] = beta1 * m[i] + rest1 * g;
            v[i] = beta2 * v[i] + rest2 * (g * g);
            values[i] -= rate * (m[i] * unbias1) / (std::sqrt(v[i] * unbias2) + epsilon);
        }
        break;
    }
    return values;
}

template class BasicSolver<float>;
template class BasicSolver<double>;

} // namespace conv1d
