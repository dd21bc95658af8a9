#include "conv1d/layers.h"

#include "option_reader.h"

namespace conv1d {
namespace {

detail::OptionReader reader_of(ElementType element, const std::vector<Option> &options) {
    return {
        Operation::convolution, element, options, {"DilationFactor", "Padding", "PaddingValue", "Filtering"}};
}

detail::LayerSetup read_setup(const Value &filter_size, const Value &num_filters, ElementType element,
                              const std::vector<Option> &options) {
    const detail::OptionReader reader = reader_of(element, options);
    detail::LayerSetup setup = reader.read_common(filter_size, num_filters);
    setup.dilation = reader.positive_integer("DilationFactor", 1);
    reader.read_ends("Padding", true, setup);
    reader.read_padding_value(setup);
    setup.minimal_filtering = reader.one_of("Filtering", {"direct", "minimal"}) == 1;
    return setup;
}

} // namespace

template <class T>
BasicConvolution1DLayer<T>::BasicConvolution1DLayer(const Value &filter_size, const Value &num_filters,
                                                    const std::vector<Option> &options)
    : BasicLayer<T>(read_setup(filter_size, num_filters, element_of<T>, options),
                    reader_of(element_of<T>, options).template array<T>("Weights"),
                    reader_of(element_of<T>, options).template array<T>("Bias")) {}

template class BasicConvolution1DLayer<float>;
template class BasicConvolution1DLayer<double>;

} // namespace conv1d
