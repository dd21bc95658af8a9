#include "conv1d/display.h"

#include "error_text.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <set>

namespace conv1d {
namespace {

/// A property's name and its value as shown. Without a value it is the heading of a group.
struct Property {
    std::string name;
    std::string value;
};
using Properties = std::vector<Property>;

std::string quoted(const std::string &text) {
    return "'" + text + "'";
}
std::string shown(std::int64_t number) {
    return std::to_string(number);
}
std::string shown(double number) {
    return to_string(Value(number));
}

bool is_transposed(const AnyLayer &layer) {
    return layer.operation() == Operation::transposed_convolution;
}

std::string shown_channels(const AnyLayer &layer) {
    return layer.num_channels() ? shown(*layer.num_channels()) : "'auto'";
}

/// `[11x16x96 single]`, or `[]` where there are no values.
std::string shown_array(const AnyLayer &layer, std::int64_t count, const Sizes &size) {
    if (count == 0)
        return "[]";
    std::string text;
    for (const std::int64_t extent : size)
        text += (text.empty() ? "[" : "x") + shown(extent);
    return text + (layer.element() == ElementType::float32 ? " single]" : " double]");
}

std::string shown_ends(EndsMode mode, Ends ends) {
    return mode == EndsMode::same ? "[]" : detail::list_text(ends);
}

std::string shown_padding_value(const AnyLayer &layer) {
    const char *name = padding_value_name(layer.padding_value_mode());
    return name == nullptr ? shown(layer.padding_value()) : quoted(name);
}

std::string shown_names(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : " ") + quoted(name);
    return "{" + text + "}";
}

Properties convolution_hyperparameters(const AnyLayer &layer) {
    return {{"FilterSize", shown(layer.filter_size())},
            {"NumChannels", shown_channels(layer)},
            {"NumFilters", shown(layer.num_filters())},
            {"Stride", shown(layer.stride())},
            {"DilationFactor", shown(layer.dilation_factor())},
            {"PaddingMode", quoted(to_string(layer.ends_mode()))},
            {"PaddingSize", shown_ends(layer.ends_mode(), layer.ends_size(1))},
            {"PaddingValue", shown_padding_value(layer)}};
}

Properties transposed_hyperparameters(const AnyLayer &layer) {
    return {{"FilterSize", shown(layer.filter_size())},
            {"NumChannels", shown_channels(layer)},
            {"NumFilters", shown(layer.num_filters())},
            {"Stride", shown(layer.stride())},
            {"CroppingMode", quoted(to_string(layer.ends_mode()))},
            {"CroppingSize", shown_ends(layer.ends_mode(), layer.ends_size(1))}};
}

/// An activation and, where it has one, its slope.
void add_activation(Properties &properties, const std::string &name, Activation activation, double slope) {
    properties.push_back({name, quoted(to_string(activation))});
    if (activation == Activation::leaky_relu)
        properties.push_back({name + "Slope", shown(slope)});
}

/// What MATLAB's layers do not have, all of it or only what is not at its default.
Properties extensions(const AnyLayer &layer, bool all) {
    Properties properties;
    const bool transposed = is_transposed(layer);
    if (transposed && (all || layer.dilation_factor() != 1))
        properties.push_back({"DilationFactor", shown(layer.dilation_factor())});
    if (transposed && (all || layer.output_padding() != 0))
        properties.push_back({"OutputPadding", shown(layer.output_padding())});
    if (all || layer.groups() != 1)
        properties.push_back({"Groups", shown(layer.groups())});
    if (all || layer.activation() != Activation::none)
        add_activation(properties, "Activation", layer.activation(), layer.activation_slope());
    if (all || layer.input_activation() != Activation::none)
        add_activation(properties, "InputActivation", layer.input_activation(),
                       layer.input_activation_slope());
    if (layer.minimal_filtering() || (all && !transposed))
        properties.push_back({"Filtering", quoted(layer.minimal_filtering() ? "minimal" : "direct")});
    return properties;
}

Properties hyperparameters(const AnyLayer &layer) {
    return is_transposed(layer) ? transposed_hyperparameters(layer) : convolution_hyperparameters(layer);
}

Properties learnables(const AnyLayer &layer) {
    return {{"Weights",
             shown_array(layer, layer.weights_count(), layer.weights_size(layer.num_channels().value_or(0)))},
            {"Bias", shown_array(layer, layer.bias_count(), {1, layer.num_filters()})}};
}

/// What the short form leaves out.
Properties more_properties(const AnyLayer &layer) {
    return {{"SameExtra", layer.same_extra() == OddEnd::left ? "'left'" : "'right'"},
            {"WeightsInitializer", quoted(layer.weights_initializer())},
            {"BiasInitializer", quoted(layer.bias_initializer())},
            {"Seed", std::to_string(layer.seed())},
            {"WeightLearnRateFactor", shown(layer.weight_learn_rate_factor())},
            {"WeightL2Factor", shown(layer.weight_l2_factor())},
            {"BiasLearnRateFactor", shown(layer.bias_learn_rate_factor())},
            {"BiasL2Factor", shown(layer.bias_l2_factor())},
            {"NumInputs", shown(std::int64_t{AnyLayer::num_inputs()})},
            {"InputNames", shown_names(AnyLayer::input_names())},
            {"NumOutputs", shown(std::int64_t{AnyLayer::num_outputs()})},
            {"OutputNames", shown_names(AnyLayer::output_names())}};
}

std::size_t widest(const std::vector<Properties> &groups) {
    std::size_t width = 0;
    for (const Properties &group : groups) {
        for (const Property &property : group)
            width = std::max(width, property.name.size());
    }
    return width;
}

/// Names end at one column, four beyond the longest.
void print_group(std::ostream &out, const Properties &group, std::size_t width) {
    for (const Property &property : group)
        out << std::string(4 + width - property.name.size(), ' ') << property.name << ": " << property.value
            << '\n';
    out << '\n';
}

const char *type_name(const AnyLayer &layer) {
    return is_transposed(layer) ? "TransposedConvolution1DLayer" : "Convolution1DLayer";
}

void append(Properties &properties, const Properties &more) {
    properties.insert(properties.end(), more.begin(), more.end());
}

void print_short(std::ostream &out, const AnyLayer &layer, const char *last_line) {
    const Properties name{{"Name", quoted(layer.name())}};
    Properties hyper = hyperparameters(layer);
    append(hyper, extensions(layer, false));
    const std::size_t width = widest({name, hyper, learnables(layer)});
    out << "  " << type_name(layer) << " with properties:\n\n";
    print_group(out, name, width);
    out << "   Hyperparameters\n";
    print_group(out, hyper, width);
    out << "   Learnable Parameters\n";
    print_group(out, learnables(layer), width);
    out << last_line << '\n';
}

std::string ends_phrase(const AnyLayer &layer, const char *what) {
    return std::string(what) + ' ' +
           (layer.ends_mode() == EndsMode::manual ? detail::list_text(layer.ends_size(1))
                                                  : quoted(to_string(layer.ends_mode())));
}

/// `96 11 convolutions with stride 1 and padding [0 0]`
std::string description(const AnyLayer &layer) {
    const bool transposed = is_transposed(layer);
    return shown(layer.num_filters()) + ' ' + shown(layer.filter_size()) +
           (transposed ? " transposed convolutions" : " convolutions") + " with stride " +
           shown(layer.stride()) + " and " + ends_phrase(layer, transposed ? "cropping" : "padding");
}

std::string kind(const AnyLayer &layer) {
    return is_transposed(layer) ? "Transposed Convolution" : "Convolution";
}

} // namespace

void print(std::ostream &out, const AnyLayer &layer) {
    print_short(out, layer,
                is_transposed(layer) ? "  Use properties method to see a list of all properties."
                                     : "  Show all properties");
}

void print_all(std::ostream &out, const AnyLayer &layer) {
    Properties all = hyperparameters(layer);
    for (const Properties &group : {learnables(layer),
                                    extensions(layer, true),
                                    more_properties(layer),
                                    {{"Name", quoted(layer.name())}}})
        append(all, group);
    out << "  " << type_name(layer) << " with properties:\n\n";
    print_group(out, all, widest({all}));
}

void print(std::ostream &out, const std::vector<const AnyLayer *> &layers) {
    std::size_t name_width = 0;
    std::size_t kind_width = 0;
    for (const AnyLayer *layer : layers) {
        name_width = std::max(name_width, layer->name().size() + 2);
        kind_width = std::max(kind_width, kind(*layer).size());
    }
    const int digits = static_cast<int>(std::to_string(layers.size()).size());
    out << "  " << layers.size() << "x1 Layer array with layers:\n\n";
    for (std::size_t i = 0; i < layers.size(); i++) {
        const std::string name = quoted(layers[i]->name());
        const std::string type = kind(*layers[i]);
        out << "     " << std::setw(digits) << i + 1 << "   " << name
            << std::string(name_width - name.size() + 3, ' ') << type
            << std::string(kind_width - type.size() + 3, ' ') << description(*layers[i]) << '\n';
    }
}

std::vector<std::string> layer_names(const std::vector<const AnyLayer *> &layers) {
    std::set<std::string> taken;
    for (const AnyLayer *layer : layers)
        taken.insert(layer->name());
    std::vector<std::string> names;
    for (const AnyLayer *layer : layers) {
        std::string name = layer->name();
        if (name.empty()) {
            const std::string stem = is_transposed(*layer) ? "transposed-conv1d" : "conv1d";
            name = stem;
            for (int number = 1; !taken.insert(name).second; number++)
                name = stem + "_" + std::to_string(number);
        }
        names.push_back(std::move(name));
    }
    return names;
}

void name_layers(const std::vector<AnyLayer *> &layers) {
    const std::vector<std::string> names = layer_names({layers.begin(), layers.end()});
    for (std::size_t i = 0; i < layers.size(); i++)
        layers[i]->set_name(names[i]);
}

} // namespace conv1d
