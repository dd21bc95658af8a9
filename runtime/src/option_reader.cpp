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

constexpr std::array<std::string_view, 13> common_options{"Stride",
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

OptionReader::OptionReader(Operation operation, const std::vector<Option> &options,
                           std::vector<std::string_view> own)
    : operation_(operation), options_(options) {
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
    setup.name = name_;
    setup.filter_size = positive_integer("FilterSize", filter_size);
    setup.num_filters = positive_integer("NumFilters", num_filters);
    setup.stride = positive_integer("Stride", 1);
    const Value *channels = find("NumChannels");
    if (channels != nullptr && !(channels->text() != nullptr && *channels->text() == "auto"))
        setup.num_channels = positive_integer("NumChannels", *channels, "'auto' or a positive integer");
    if (const Value *extra = find("SameExtra")) {
        const std::string *end = extra->text();
        if (end == nullptr || (*end != "right" && *end != "left"))
            refuse("SameExtra", *extra, "'right' or 'left'");
        setup.same_extra = *end == "left" ? OddEnd::left : OddEnd::right;
    }
    setup.weights = array("Weights");
    setup.bias = array("Bias");
    read_training(setup);
    return setup;
}

std::int64_t OptionReader::positive_integer(std::string_view option, std::int64_t otherwise) const {
    const Value *value = find(option);
    return value == nullptr ? otherwise : positive_integer(option, *value);
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
        const std::vector<double> *numbers = value->numbers();
        if (numbers == nullptr || numbers->size() != 1 ||
            !std::isfinite(static_cast<float>(numbers->front())))
            refuse("PaddingValue", *value, expected);
        setup.padding_value = numbers->front();
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
    if (const Value *value = find("Seed")) {
        constexpr std::string_view expected = "a nonnegative integer";
        if (value->numbers() == nullptr || value->numbers()->size() != 1)
            refuse("Seed", *value, expected);
        setup.seed =
            static_cast<std::uint64_t>(integer("Seed", *value, value->numbers()->front(), 0, expected));
    }
}

void OptionReader::read_initializer(std::string_view option, bool (*known)(std::string_view) noexcept,
                                    std::string_view names, ParameterSettings &settings) const {
    const Value *value = find(option);
    if (value == nullptr)
        return;
    if (value->function() != nullptr && *value->function() != nullptr) {
        settings.initializer = "function";
        settings.function = *value->function();
        return;
    }
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

std::vector<float> OptionReader::array(std::string_view option) const {
    const Value *value = find(option);
    if (value == nullptr)
        return {};
    if (const std::vector<float> *values = value->array())
        return *values;
    if (const std::vector<double> *numbers = value->numbers()) {
        std::vector<float> values;
        for (const double number : *numbers) {
            values.push_back(static_cast<float>(number));
            if (std::isinf(values.back()) && !std::isinf(number)) {
                refuse(std::string(option) + " has the value " + to_string(Value(number)) +
                       "; expected numbers within the range of float32");
            }
        }
        return values;
    }
    refuse(option, *value, "an array of floats");
}

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
