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

std::string shown_channels(const Layer &layer) {
    return layer.num_channels() ? shown(*layer.num_channels()) : "'auto'";
}

/// `[11x16x96 single]`, or `[]` where there are no values.
std::string shown_array(const std::vector<float> &values, std::initializer_list<std::int64_t> size) {
    if (values.empty())
        return "[]";
    std::string text;
    for (const std::int64_t extent : size)
        text += (text.empty() ? "[" : "x") + shown(extent);
    return text + " single]";
}

std::string shown_ends(EndsMode mode, Ends ends) {
    return mode == EndsMode::same ? "[]" : detail::list_text(ends);
}

std::string shown_padding_value(const Convolution1DLayer &layer) {
    const char *name = padding_value_name(layer.padding_value_mode());
    return name == nullptr ? shown(layer.padding_value()) : quoted(name);
}

std::string shown_names(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : " ") + quoted(name);
    return "{" + text + "}";
}

Properties hyperparameters(const Convolution1DLayer &layer) {
    return {{"FilterSize", shown(layer.filter_size())},
            {"NumChannels", shown_channels(layer)},
            {"NumFilters", shown(layer.num_filters())},
            {"Stride", shown(layer.stride())},
            {"DilationFactor", shown(layer.dilation_factor())},
            {"PaddingMode", quoted(to_string(layer.padding_mode()))},
            {"PaddingSize", shown_ends(layer.padding_mode(), layer.padding_size(1))},
            {"PaddingValue", shown_padding_value(layer)}};
}

Properties hyperparameters(const TransposedConvolution1DLayer &layer) {
    return {{"FilterSize", shown(layer.filter_size())},
            {"NumChannels", shown_channels(layer)},
            {"NumFilters", shown(layer.num_filters())},
            {"Stride", shown(layer.stride())},
            {"CroppingMode", quoted(to_string(layer.cropping_mode()))},
            {"CroppingSize", shown_ends(layer.cropping_mode(), layer.cropping_size(1))}};
}

Properties learnables(const Layer &layer) {
    const std::int64_t channels = layer.num_channels().value_or(0);
    const bool transposed = layer.operation() == Operation::transposed_convolution;
    const std::int64_t second = transposed ? layer.num_filters() : channels;
    const std::int64_t third = transposed ? channels : layer.num_filters();
    return {{"Weights", shown_array(layer.weights(), {layer.filter_size(), second, third})},
            {"Bias", shown_array(layer.bias(), {1, layer.num_filters()})}};
}

/// What the short form leaves out.
Properties more_properties(const Layer &layer) {
    return {{"SameExtra", layer.same_extra() == OddEnd::left ? "'left'" : "'right'"},
            {"WeightsInitializer", quoted(layer.weights_initializer())},
            {"BiasInitializer", quoted(layer.bias_initializer())},
            {"Seed", std::to_string(layer.seed())},
            {"WeightLearnRateFactor", shown(layer.weight_learn_rate_factor())},
            {"WeightL2Factor", shown(layer.weight_l2_factor())},
            {"BiasLearnRateFactor", shown(layer.bias_learn_rate_factor())},
            {"BiasL2Factor", shown(layer.bias_l2_factor())},
            {"NumInputs", shown(std::int64_t{Layer::num_inputs()})},
            {"InputNames", shown_names(Layer::input_names())},
            {"NumOutputs", shown(std::int64_t{Layer::num_outputs()})},
            {"OutputNames", shown_names(Layer::output_names())}};
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

const char *type_name(const Layer &layer) {
    return layer.operation() == Operation::transposed_convolution ? "TransposedConvolution1DLayer"
                                                                  : "Convolution1DLayer";
}

void print_short(std::ostream &out, const Layer &layer, const Properties &hyper, const char *last_line) {
    const Properties name{{"Name", quoted(layer.name())}};
    const std::size_t width = widest({name, hyper, learnables(layer)});
    out << "  " << type_name(layer) << " with properties:\n\n";
    print_group(out, name, width);
    out << "   Hyperparameters\n";
    print_group(out, hyper, width);
    out << "   Learnable Parameters\n";
    print_group(out, learnables(layer), width);
    out << last_line << '\n';
}

void print_everything(std::ostream &out, const Layer &layer, const Properties &hyper) {
    Properties all = hyper;
    for (const Properties &group :
         {learnables(layer), more_properties(layer), {{"Name", quoted(layer.name())}}})
        all.insert(all.end(), group.begin(), group.end());
    out << "  " << type_name(layer) << " with properties:\n\n";
    print_group(out, all, widest({all}));
}

std::string ends_phrase(const Layer &layer, const char *what) {
    return std::string(what) + ' ' +
           (layer.ends_mode() == EndsMode::manual ? detail::list_text(layer.ends_size(1))
                                                  : quoted(to_string(layer.ends_mode())));
}

/// `96 11 convolutions with stride 1 and padding [0 0]`
std::string description(const Layer &layer) {
    const bool transposed = layer.operation() == Operation::transposed_convolution;
    return shown(layer.num_filters()) + ' ' + shown(layer.filter_size()) +
           (transposed ? " transposed convolutions" : " convolutions") + " with stride " +
           shown(layer.stride()) + " and " + ends_phrase(layer, transposed ? "cropping" : "padding");
}

std::string kind(const Layer &layer) {
    return layer.operation() == Operation::transposed_convolution ? "Transposed Convolution" : "Convolution";
}

} // namespace

void print(std::ostream &out, const Convolution1DLayer &layer) {
    print_short(out, layer, hyperparameters(layer), "  Show all properties");
}

void print(std::ostream &out, const TransposedConvolution1DLayer &layer) {
    print_short(out, layer, hyperparameters(layer),
                "  Use properties method to see a list of all properties.");
}

void print_all(std::ostream &out, const Convolution1DLayer &layer) {
    print_everything(out, layer, hyperparameters(layer));
}

void print_all(std::ostream &out, const TransposedConvolution1DLayer &layer) {
    print_everything(out, layer, hyperparameters(layer));
}

void print(std::ostream &out, const std::vector<const Layer *> &layers) {
    std::size_t name_width = 0;
    std::size_t kind_width = 0;
    for (const Layer *layer : layers) {
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

void name_layers(const std::vector<Layer *> &layers) {
    std::set<std::string> taken;
    for (const Layer *layer : layers)
        taken.insert(layer->name());
    for (Layer *layer : layers) {
        if (!layer->name().empty())
            continue;
        const std::string stem =
            layer->operation() == Operation::transposed_convolution ? "transposed-conv1d" : "conv1d";
        std::string name = stem;
        for (int number = 1; !taken.insert(name).second; number++)
            name = stem + "_" + std::to_string(number);
        layer->set_name(name);
    }
}

} // namespace conv1d
