#pragma once

#include "conv1d/geometry.h"
#include "conv1d/tensor.h"
#include "conv1d/visibility.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace CONV1D_HIDDEN conv1d {

/// Makes the first values of weights or bias from their size: {K, C/g, F}, transposed {K, F/g, C}, bias {1,
/// F}. It must return as many values as that has elements, first index fastest.
template <class T>
using BasicInitializerFunction = std::function<std::vector<T>(const Sizes &size)>;
using InitializerFunction = BasicInitializerFunction<float>;
using InitializerFunction64 = BasicInitializerFunction<double>; ///< of float64 layers

/// What an option is set to: a number, a list of numbers, text, an array of floats, or a function. A number
/// is a list of one. Any number is taken, so that 2.5 where an integer belongs gets the layer's own error and
/// is not cut to 2.
class Value {
    // Not the types of truth values and letters: '3' is 51.
    template <typename Number>
    using IfNumber =
        std::enable_if_t<std::is_arithmetic_v<Number> && !std::is_same_v<Number, bool> &&
                             !std::is_same_v<Number, char> && !std::is_same_v<Number, wchar_t> &&
                             !std::is_same_v<Number, char16_t> && !std::is_same_v<Number, char32_t>,
                         int>;

public:
    template <typename Number, IfNumber<Number> = 0>
    Value(Number number) : content_(std::vector<double>{static_cast<double>(number)}) {}
    template <typename Number, IfNumber<Number> = 0>
    Value(std::initializer_list<Number> numbers)
        : content_(std::vector<double>(numbers.begin(), numbers.end())) {}
    template <typename Number, IfNumber<Number> = 0>
    Value(const std::vector<Number> &numbers)
        : content_(std::vector<double>(numbers.begin(), numbers.end())) {}
    Value(std::vector<float> array) : content_(std::move(array)) {}
    template <typename Function,
              std::enable_if_t<std::is_invocable_r_v<std::vector<float>, Function, const Sizes &>, int> = 0>
    Value(Function function) : content_(InitializerFunction(std::move(function))) {}
    template <typename Function,
              std::enable_if_t<std::is_invocable_r_v<std::vector<double>, Function, const Sizes &>, int> = 0,
              int = 64>
    Value(Function function) : content_(InitializerFunction64(std::move(function))) {}
    Value(const char *text) : content_(std::string(text)) {}
    Value(std::string text) : content_(std::move(text)) {}
    Value(std::string_view text) : content_(std::string(text)) {}
    Value(std::nullptr_t) = delete;

    /// The content if it is of that kind, else null.
    const std::vector<double> *numbers() const noexcept {
        return std::get_if<std::vector<double>>(&content_);
    }
    const std::string *text() const noexcept { return std::get_if<std::string>(&content_); }
    const std::vector<float> *array() const noexcept { return std::get_if<std::vector<float>>(&content_); }
    template <class T = float>
    const BasicInitializerFunction<T> *function() const noexcept {
        return std::get_if<BasicInitializerFunction<T>>(&content_);
    }

private:
    std::variant<std::vector<double>, std::string, std::vector<float>, InitializerFunction,
                 InitializerFunction64>
        content_;
};

/// The value as an error message shows it: `4`, `[1 2]`, `'same'`, `an array of 12 floats`.
std::string to_string(const Value &value);

/// A name and its value, as in MATLAB: `{"Stride", 4}`. Names are exact, upper and lower case differ.
struct Option {
    Option(std::string option_name, Value option_value)
        : name(std::move(option_name)), value(std::move(option_value)) {}

    std::string name;
    Value value;
};

// The options as functions, so that a misspelt name does not compile. Defaults and domains are those of
// layers.h.

/// Output samples are taken every so many (convolution), or inputs are spread so far apart (transposed).
Option stride(Value samples);
/// Samples between neighbouring taps; 1 means adjacent.
Option dilation_factor(Value samples);
/// "same", "causal", or that many samples at both ends.
Option padding(Value mode_or_samples);
Option padding(std::int64_t left, std::int64_t right);
/// "direct", or "minimal" where fewer multiplications may round more: see layers.h.
Option filtering(std::string how);
/// What the padding holds.
Option padding_value(Value value);
/// "same", or that many samples off both ends.
Option cropping(Value mode_or_samples);
Option cropping(std::int64_t left, std::int64_t right);
/// Which end gets the odd sample of a `same` total.
Option same_extra(OddEnd end);
/// Samples more at the right end (transposed).
Option output_padding(Value samples);
/// Groups of channels, each convolved with filters of its own.
Option groups(Value number);
/// "relu" and the like (see Activation): what is applied to the sums, or to the input before it is padded.
Option activation(std::string name);
Option input_activation(std::string name);
/// The slope of "leaky-relu" below 0.
Option activation_slope(Value slope);
Option input_activation_slope(Value slope);
/// "auto" or the number of input channels.
Option num_channels(Value channels);
Option weights(std::vector<float> values);
Option bias(std::vector<float> values);
/// Of float64 layers. Numbers in braces are floats: say std::vector<double>{0.25, 0.5}.
template <class T, std::enable_if_t<std::is_same_v<T, double>, int> = 0>
Option weights(const std::vector<T> &values) {
    return {"Weights", values};
}
template <class T, std::enable_if_t<std::is_same_v<T, double>, int> = 0>
Option bias(const std::vector<T> &values) {
    return {"Bias", values};
}
/// "glorot", "he", "narrow-normal", "zeros", "ones", or an InitializerFunction: the values of empty weights.
Option weights_initializer(Value name_or_function);
/// "zeros", "narrow-normal", "ones", or an InitializerFunction: the values of an empty bias.
Option bias_initializer(Value name_or_function);
/// Of the random numbers that the initializers take; the same seed gives the same numbers on every platform.
Option seed(Value number);
/// Times the global learn rate; 0 freezes the array.
Option weight_learn_rate_factor(Value factor);
Option bias_learn_rate_factor(Value factor);
/// Times the global L2 regularization.
Option weight_l2_factor(Value factor);
Option bias_l2_factor(Value factor);
Option name(std::string text);

} // namespace conv1d
