#include "conv1d/layers.h"

#include "option_reader.h"

namespace conv1d {
namespace {

detail::LayerSetup read_setup(const Value &filter_size, const Value &num_filters,
                              const std::vector<Option> &options) {
    const detail::OptionReader reader(Operation::convolution, options,
                                      {"DilationFactor", "Padding", "PaddingValue"});
    detail::LayerSetup setup = reader.read_common(filter_size, num_filters);
    setup.dilation = reader.positive_integer("DilationFactor", 1);
    reader.read_ends("Padding", true, setup);
    reader.read_padding_value(setup);
    return setup;
}

} // namespace

Convolution1DLayer::Convolution1DLayer(const Value &filter_size, const Value &num_filters,
                                       const std::vector<Option> &options)
    : Layer(read_setup(filter_size, num_filters, options)) {}

Ends Convolution1DLayer::ends_for(std::int64_t length) const noexcept {
    switch (setup().mode) {
    case EndsMode::same:
        return same_padding(length, filter_size(), stride(), dilation_factor(), setup().same_extra);
    case EndsMode::causal:
        return causal_padding(filter_size(), dilation_factor());
    case EndsMode::manual:
        break;
    }
    return setup().ends;
}

} // namespace conv1d
