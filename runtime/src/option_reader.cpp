#include "option_reader.h"

#include "conv1d/layers.h"

#include "error_text.h"
#include "initializers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace conv1d::detail {
namespace {

constexpr std::array<std::string_view, 18> common_options{"Stride",
                                                          "Groups",
                                                          "Activation",
                                                          "ActivationSlope",
                                                          "InputActivation",
                                                          "InputActivationSlope",
                                                          "NumChannels",
                                                          "SameExtra",
                                                          "Weights",
                                                          "Bias",
                                                          "WeightsInitializer",
                                                          "BiasInitializer",
                                                          "Seed",
                                                          "WeightLearnRateFactor",
                                                          "BiasLearnRateFactor",
                                                          "WeightL2Factor",
                                                          "BiasL2Factor",
                                                          "Name"};

constexpr std::array<std::pair<std::string_view, PaddingMode>, 4> padding_modes{
    {{"symmetric-include-edge", PaddingMode::symmetric_include_edge},
     {"symmetric-exclude-edge", PaddingMode::symmetric_exclude_edge},
     {"replicate", PaddingMode::replicate},
     {"circular", PaddingMode::circular}}};

} // namespace
} // namespace conv1d::detail

namespace conv1d {

const char *padding_value_name(PaddingMode mode) noexcept {
    for (const auto &known : detail::padding_modes) {
        if (known.second == mode)
            return known.first.data();
    }
    return nullptr;
}

} // namespace conv1d

namespace conv1d::detail {

OptionReader::OptionReader(Operation operation, ElementType element, const std::vector<Option> &options,
                           std::vector<std::string_view> own)
    : operation_(operation), element_(element), options_(options) {
    if (const Value *value = find("Name")) {
        if (value->text() == nullptr)
            refuse("Name", *value, "text");
        name_ = *value->text();
    }
    check_names(std::move(own));
}

void OptionReader::check_names(std::vector<std::string_view> own) const {
    std::vector<std::string_view> known(std::move(own));
    known.insert(known.end(), common_options.begin(), common_options.end());
    for (std::size_t i = 0; i < options_.size(); i++) {
        const std::string &option = options_[i].name;
        if (std::find(known.begin(), known.end(), option) == known.end())
            refuse("option '" + option + "' is unknown; expected one of " + join(known));
        const auto same_name = [&](const Option &other) { return other.name == option; };
        if (std::count_if(options_.begin(), options_.end(), same_name) > 1)
            refuse("option '" + option + "' is given twice; expected once");
    }
}

LayerSetup OptionReader::read_common(const Value &filter_size, const Value &num_filters) const {
    LayerSetup setup;
    setup.operation = operation_;
    setup.element = element_;
    setup.name = name_;
    setup.filter_size = positive_integer("FilterSize", filter_size);
    setup.num_filters = positive_integer("NumFilters", num_filters);
    setup.stride = positive_integer("Stride", 1);
    const Value *channels = find("NumChannels");
    if (channels != nullptr && !(channels->text() != nullptr && *channels->text() == "auto"))
        setup.num_channels = positive_integer("NumChannels", *channels, "'auto' or a positive integer");
    setup.same_extra = one_of("SameExtra", {"right", "left"}) == 1 ? OddEnd::left : OddEnd::right;
    read_groups(setup);
    read_activation("Activation", setup.activation, setup.slope);
    read_activation("InputActivation", setup.input_activation, setup.input_slope);
    read_training(setup);
    return setup;
}

int OptionReader::one_of(std::string_view option, const std::array<std::string_view, 2> &words) const {
    const Value *value = find(option);
    if (value == nullptr)
        return 0;
    for (int i = 0; i < 2; i++) {
        if (value->text() != nullptr && *value->text() == words[static_cast<std::size_t>(i)])
            return i;
    }
    refuse(option, *value, "'" + std::string(words[0]) + "' or '" + std::string(words[1]) + "'");
}

void OptionReader::read_groups(LayerSetup &setup) const {
    setup.groups = positive_integer("Groups", 1);
    const std::string multiple = "a multiple of Groups, " + std::to_string(setup.groups);
    if (setup.num_filters % setup.groups != 0)
        refuse("NumFilters is " + std::to_string(setup.num_filters) + "; expected " + multiple);
    if (setup.num_channels && *setup.num_channels % setup.groups != 0)
        refuse("NumChannels is " + std::to_string(*setup.num_channels) + "; expected " + multiple);
}

void OptionReader::read_activation(const std::string &option, Activation &activation, double &slope) const {
    if (const Value *value = find(option)) {
        const auto named = value->text() == nullptr ? std::nullopt : find_activation(*value->text());
        if (!named) {
            std::vector<std::string_view> names;
            for (int i = 0; i < activation_count; i++)
                names.push_back(to_string(static_cast<Activation>(i)));
            refuse(option, *value, "one of " + join(names));
        }
        activation = *named;
    }
    slope = default_slope(activation);
    const std::string slope_option = option + "Slope";
    if (const Value *value = find(slope_option)) {
        if (activation != Activation::leaky_relu)
            refuse(slope_option, *value, "none with " + option + " '" + to_string(activation) + "'");
        slope = finite_number(slope_option, *value, "a finite number");
    }
}

std::int64_t OptionReader::positive_integer(std::string_view option, std::int64_t otherwise) const {
    const Value *value = find(option);
    return value == nullptr ? otherwise : positive_integer(option, *value);
}

std::int64_t OptionReader::nonnegative_integer(std::string_view option, std::int64_t otherwise) const {
    const Value *value = find(option);
    if (value == nullptr)
        return otherwise;
    constexpr std::string_view expected = "a nonnegative integer";
    if (value->numbers() == nullptr || value->numbers()->size() != 1)
        refuse(option, *value, expected);
    return integer(option, *value, value->numbers()->front(), 0, expected);
}

std::int64_t OptionReader::positive_integer(std::string_view option, const Value &value,
                                            std::string_view expected) const {
    if (value.numbers() == nullptr || value.numbers()->size() != 1)
        refuse(option, value, expected);
    return integer(option, value, value.numbers()->front(), 1, expected);
}

std::int64_t OptionReader::integer(std::string_view option, const Value &value, double number,
                                   std::int64_t least, std::string_view expected) const {
    if (!(number >= static_cast<double>(least)) || number != std::floor(number))
        refuse(option, value, expected);
    if (number > static_cast<double>(largest_size))
        refuse(option, value, "at most " + std::to_string(largest_size));
    return static_cast<std::int64_t>(number);
}

double OptionReader::finite_number(std::string_view option, const Value &value,
                                   std::string_view expected) const {
    const std::vector<double> *numbers = value.numbers();
    if (numbers == nullptr || numbers->size() != 1)
        refuse(option, value, expected);
    const double number = numbers->front();
    if (!std::isfinite(element_ == ElementType::float32 ? static_cast<float>(number) : number))
        refuse(option, value, expected);
    return number;
}

void OptionReader::read_output_padding(LayerSetup &setup) const {
    setup.output_padding = nonnegative_integer("OutputPadding", 0);
    const std::int64_t limit = std::max(setup.stride, setup.dilation);
    if (setup.output_padding >= limit) {
        refuse("OutputPadding is " + std::to_string(setup.output_padding) + "; expected less than " +
               std::to_string(limit) + ", the larger of Stride and DilationFactor");
    }
}

void OptionReader::read_ends(std::string_view option, bool causal_allowed, LayerSetup &setup) const {
    const Value *value = find(option);
    if (value == nullptr)
        return;
    const std::string expected =
        std::string(causal_allowed ? "'same', 'causal'" : "'same'") + ", or one or two nonnegative integers";
    if (const std::string *text = value->text()) {
        if (*text != "same" && !(causal_allowed && *text == "causal"))
            refuse(option, *value, expected);
        setup.mode = *text == "same" ? EndsMode::same : EndsMode::causal;
        return;
    }
    const std::vector<double> *numbers = value->numbers();
    if (numbers == nullptr || numbers->empty() || numbers->size() > 2)
        refuse(option, *value, expected);
    setup.ends.first = integer(option, *value, numbers->front(), 0, expected);
    setup.ends.second = integer(option, *value, numbers->back(), 0, expected);
}

void OptionReader::read_padding_value(LayerSetup &setup) const {
    const Value *value = find("PaddingValue");
    if (value == nullptr)
        return;
    constexpr std::string_view expected =
        "a finite number, 'symmetric-include-edge', 'symmetric-exclude-edge', 'replicate' or 'circular'";
    if (const std::string *text = value->text()) {
        const auto mode = std::find_if(padding_modes.begin(), padding_modes.end(),
                                       [&](const auto &known) { return known.first == *text; });
        if (mode == padding_modes.end())
            refuse("PaddingValue", *value, expected);
        setup.padding_mode = mode->second;
    } else {
        setup.padding_value = finite_number("PaddingValue", *value, expected);
    }
}

void OptionReader::read_training(LayerSetup &setup) const {
    read_initializer("WeightsInitializer", is_weights_initializer,
                     "'glorot', 'he', 'narrow-normal', 'zeros', 'ones' or a function",
                     setup.weights_settings);
    read_initializer("BiasInitializer", is_bias_initializer, "'zeros', 'narrow-normal', 'ones' or a function",
                     setup.bias_settings);
    read_factor("WeightLearnRateFactor", setup.weights_settings.learn_rate_factor);
    read_factor("BiasLearnRateFactor", setup.bias_settings.learn_rate_factor);
    read_factor("WeightL2Factor", setup.weights_settings.l2_factor);
    read_factor("BiasL2Factor", setup.bias_settings.l2_factor);
    setup.seed = static_cast<std::uint64_t>(nonnegative_integer("Seed", 0));
}

void OptionReader::read_initializer(std::string_view option, bool (*known)(std::string_view) noexcept,
                                    std::string_view names, ParameterSettings &settings) const {
    const Value *value = find(option);
    if (value == nullptr)
        return;
    const bool is_float32 = element_ == ElementType::float32;
    if (is_float32 ? value->function() != nullptr && *value->function() != nullptr
                   : value->function<double>() != nullptr && *value->function<double>() != nullptr) {
        settings.initializer = "function";
        settings.function = *value;
        return;
    }
    if (is_float32 ? value->function<double>() != nullptr : value->function() != nullptr)
        refuse(option, *value, is_float32 ? "one that returns floats" : "one that returns doubles");
    if (value->text() == nullptr || !known(*value->text()))
        refuse(option, *value, names);
    settings.initializer = *value->text();
}

void OptionReader::read_factor(std::string_view option, double &factor) const {
    const Value *value = find(option);
    if (value == nullptr)
        return;
    if (value->numbers() == nullptr || value->numbers()->size() != 1 || !is_factor(value->numbers()->front()))
        refuse(option, *value, factor_domain);
    factor = value->numbers()->front();
}

template <class T>
std::vector<T> OptionReader::array(std::string_view option) const {
    constexpr bool is_float32 = element_of<T> == ElementType::float32;
    const Value *value = find(option);
    if (value == nullptr)
        return {};
    if constexpr (is_float32) {
        if (const std::vector<float> *values = value->array())
            return *values;
    }
    const std::vector<double> *numbers = value->numbers();
    if (numbers == nullptr)
        refuse(option, *value, is_float32 ? "an array of floats" : "an array of doubles");
    std::vector<T> values;
    for (const double number : *numbers) {
        values.push_back(static_cast<T>(number));
        if (std::isinf(values.back()) && !std::isinf(number)) {
            refuse(std::string(option) + " has the value " + to_string(Value(number)) +
                   "; expected numbers within the range of float32");
        }
    }
    return values;
}

template std::vector<float> OptionReader::array(std::string_view) const;
template std::vector<double> OptionReader::array(std::string_view) const;

const Value *OptionReader::find(std::string_view option) const noexcept {
    for (const Option &candidate : options_) {
        if (candidate.name == option)
            return &candidate.value;
    }
    return nullptr;
}

void OptionReader::refuse(std::string_view option, const Value &value, std::string_view expected) const {
    refuse(std::string(option) + " is " + to_string(value) + "; expected " + std::string(expected));
}

void OptionReader::refuse(const std::string &sentence) const {
    throw std::invalid_argument(layer_title(operation_, name_) + ": " + sentence);
}

} // namespace conv1d::detail
