#include "bench/layer_of.h"

#include "conv1d/options.h"

namespace conv1d::bench {

std::unique_ptr<conv1d::Layer> layer_of(const Problem &p) {
    const auto number = [](std::int64_t n) { return Value(static_cast<double>(n)); };
    std::vector<Option> options{stride(number(p.stride)),
                                dilation_factor(number(p.dilation)),
                                groups(number(p.groups)),
                                num_channels(number(p.channels)),
                                activation(to_string(p.activation)),
                                input_activation(to_string(p.input_activation))};
    if (p.activation == Activation::leaky_relu)
        options.push_back(activation_slope(p.slope));
    if (p.input_activation == Activation::leaky_relu)
        options.push_back(input_activation_slope(p.input_slope));
    if (p.operation == Operation::transposed_convolution) {
        options.push_back(cropping(p.left, p.right));
        options.push_back(output_padding(number(p.output_padding)));
        return std::make_unique<TransposedConvolution1DLayer>(number(p.taps), number(p.filters), options);
    }
    options.push_back(padding(p.left, p.right));
    options.push_back(filtering(p.minimal_filtering ? "minimal" : "direct"));
    if (const char *name = padding_value_name(p.padding_mode))
        options.push_back(padding_value(name));
    else
        options.push_back(padding_value(p.padding_value));
    return std::make_unique<Convolution1DLayer>(number(p.taps), number(p.filters), options);
}

const char *format_of(const Problem &p) {
    return p.order == MemoryOrder::scb ? "SCB" : "CSB";
}

Sizes input_sizes_of(const Problem &p) {
    return p.order == MemoryOrder::scb ? Sizes{p.length, p.channels, p.batch}
                                       : Sizes{p.channels, p.length, p.batch};
}

} // namespace conv1d::bench
