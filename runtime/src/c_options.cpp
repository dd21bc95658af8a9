#include "c_options.h"

#include "conv1d/layers.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace conv1d::detail {
namespace {

std::string_view take_until(std::string_view &text, char end) {
    const std::size_t length = std::min(text.find(end), text.size());
    const std::string_view part = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return part;
}

/// Numbers with commas between them; nothing if it is anything else.
std::optional<std::vector<double>> read_numbers(std::string_view text) {
    std::vector<double> numbers;
    if (!text.empty() && text.back() == ',')
        return std::nullopt;
    do {
        const std::string_view part = take_until(text, ',');
        double number = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (error != std::errc() || end != part.data() + part.size())
            return std::nullopt;
        numbers.push_back(number);
    } while (!text.empty());
    return numbers;
}

Option read_option(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
        throw std::invalid_argument("conv1d_create: '" + std::string(word) +
                                    "' is no option; expected NAME=VALUE");
    const std::string_view value = word.substr(equals + 1);
    const std::string name(word.substr(0, equals));
    if (name == "Name")
        return {name, std::string(value)};
    if (const std::optional<std::vector<double>> numbers = read_numbers(value))
        return {name, *numbers};
    return {name, std::string(value)};
}

/// Takes that option out of the list.
Value take(std::vector<Option> &options, const std::string &name) {
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const Option &o) { return o.name == name; });
    if (option == options.end())
        throw std::invalid_argument("conv1d_create: " + name + " is missing; expected a positive integer");
    Value value = std::move(option->value);
    options.erase(option);
    return value;
}

} // namespace

std::unique_ptr<Layer> make_layer(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        if (const std::string_view word = take_until(text, ' '); !word.empty())
            words.push_back(word);
    }
    const bool transposed = !words.empty() && words.front() == "tconv";
    if (!transposed && (words.empty() || words.front() != "conv"))
        throw std::invalid_argument("conv1d_create: the options begin with '" +
                                    std::string(words.empty() ? "" : words.front()) +
                                    "'; expected 'conv' or 'tconv'");
    std::vector<Option> options;
    for (std::size_t i = 1; i < words.size(); i++) {
        Option option = read_option(words[i]);
        if (std::any_of(options.begin(), options.end(),
                        [&](const Option &o) { return o.name == option.name; }))
            throw std::invalid_argument("conv1d_create: " + option.name +
                                        " is given twice; expected each option once");
        options.push_back(std::move(option));
    }
    const Value filter_size = take(options, "FilterSize"), num_filters = take(options, "NumFilters");
    if (transposed)
        return std::make_unique<TransposedConvolution1DLayer>(filter_size, num_filters, options);
    return std::make_unique<Convolution1DLayer>(filter_size, num_filters, options);
}

} // namespace conv1d::detail
