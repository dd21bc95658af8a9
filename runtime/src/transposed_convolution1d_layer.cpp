#include "conv1d/layers.h"

#include "option_reader.h"

namespace conv1d {
namespace {

detail::LayerSetup read_setup(const Value &filter_size, const Value &num_filters,
                              const std::vector<Option> &options) {
    const detail::OptionReader reader(Operation::transposed_convolution, options, {"Cropping"});
    detail::LayerSetup setup = reader.read_common(filter_size, num_filters);
    reader.read_ends("Cropping", false, setup);
    return setup;
}

} // namespace

TransposedConvolution1DLayer::TransposedConvolution1DLayer(const Value &filter_size, const Value &num_filters,
                                                           const std::vector<Option> &options)
    : Layer(read_setup(filter_size, num_filters, options)) {}

Ends TransposedConvolution1DLayer::ends_for(std::int64_t) const noexcept {
    return setup().mode == EndsMode::same
               ? same_cropping(filter_size(), stride(), setup().dilation, setup().same_extra)
               : setup().ends;
}

} // namespace conv1d
