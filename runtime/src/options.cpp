#include "conv1d/options.h"

#include <array>
#include <charconv>
#include <cmath>

namespace conv1d {
namespace {

std::string number_text(double number) {
    if (number == std::floor(number) && std::abs(number) < 1e15)
        return std::to_string(static_cast<std::int64_t>(number));
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return {buffer.data(), end};
}

} // namespace

std::string to_string(const Value &value) {
    if (const std::string *text = value.text())
        return "'" + *text + "'";
    if (const std::vector<float> *array = value.array())
        return "an array of " + std::to_string(array->size()) + " floats";
    if (value.function() != nullptr)
        return *value.function() != nullptr ? "a function" : "an empty function";
    if (value.function<double>() != nullptr)
        return *value.function<double>() != nullptr ? "a function that returns doubles" : "an empty function";
    const std::vector<double> &numbers = *value.numbers();
    if (numbers.size() == 1)
        return number_text(numbers.front());
    std::string list = "[";
    for (const double number : numbers)
        list += (list.size() > 1 ? " " : "") + number_text(number);
    return list + "]";
}

Option stride(Value samples) {
    return {"Stride", std::move(samples)};
}
Option dilation_factor(Value samples) {
    return {"DilationFactor", std::move(samples)};
}
Option padding(Value mode_or_samples) {
    return {"Padding", std::move(mode_or_samples)};
}
Option padding(std::int64_t left, std::int64_t right) {
    return {"Padding", {left, right}};
}
Option filtering(std::string how) {
    return {"Filtering", std::move(how)};
}
Option padding_value(Value value) {
    return {"PaddingValue", std::move(value)};
}
Option cropping(Value mode_or_samples) {
    return {"Cropping", std::move(mode_or_samples)};
}
Option cropping(std::int64_t left, std::int64_t right) {
    return {"Cropping", {left, right}};
}
Option same_extra(OddEnd end) {
    return {"SameExtra", end == OddEnd::right ? "right" : "left"};
}
Option output_padding(Value samples) {
    return {"OutputPadding", std::move(samples)};
}
Option groups(Value number) {
    return {"Groups", std::move(number)};
}
Option activation(std::string name) {
    return {"Activation", std::move(name)};
}
Option input_activation(std::string name) {
    return {"InputActivation", std::move(name)};
}
Option activation_slope(Value slope) {
    return {"ActivationSlope", std::move(slope)};
}
Option input_activation_slope(Value slope) {
    return {"InputActivationSlope", std::move(slope)};
}
Option num_channels(Value channels) {
    return {"NumChannels", std::move(channels)};
}
Option weights(std::vector<float> values) {
    return {"Weights", std::move(values)};
}
Option bias(std::vector<float> values) {
    return {"Bias", std::move(values)};
}
Option weights_initializer(Value name_or_function) {
    return {"WeightsInitializer", std::move(name_or_function)};
}
Option bias_initializer(Value name_or_function) {
    return {"BiasInitializer", std::move(name_or_function)};
}
Option seed(Value number) {
    return {"Seed", std::move(number)};
}
Option weight_learn_rate_factor(Value factor) {
    return {"WeightLearnRateFactor", std::move(factor)};
}
Option bias_learn_rate_factor(Value factor) {
    return {"BiasLearnRateFactor", std::move(factor)};
}
Option weight_l2_factor(Value factor) {
    return {"WeightL2Factor", std::move(factor)};
}
Option bias_l2_factor(Value factor) {
    return {"BiasL2Factor", std::move(factor)};
}
Option name(std::string text) {
    return {"Name", std::move(text)};
}

} // namespace conv1d
