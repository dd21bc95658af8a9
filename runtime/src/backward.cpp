#include "backward_pass.h"
#include "conv1d/layer.h"
#include "error_text.h"
#include "layer_check.h"

#include <string>
#include <utility>
#include <vector>

namespace conv1d {
namespace detail {
namespace {

/// What is wrong with a gradient's format, sizes or strides, in words without the layer's name.
std::string shape_sentence(const char *name, const Shape &given, const Shape &expected, const char *as,
                           bool written) {
    if (given.format() == expected.format() && given.sizes() == expected.sizes())
        return strides_sentence(name, given, written);
    return std::string(name) + " is '" + std::string(given.format()) + "' " + list_text(given.sizes()) +
           "; expected '" + std::string(expected.format()) + "' " + list_text(expected.sizes()) +
           ", as the " + as;
}

template <class T>
std::string count_sentence(const char *name, const std::vector<T> *values, std::size_t count,
                           bool accumulate) {
    if (values == nullptr || !accumulate || values->size() == count)
        return {};
    return std::string(name) + " has " + std::to_string(values->size()) + " elements; expected " +
           std::to_string(count) + " to accumulate in";
}

/// Memory of a call, and what a sentence calls it.
struct Memory {
    const char *name;
    AddressRange range;
};

/// What is written must not share memory with anything else. \param gradients  those asked for
template <class T>
std::string overlap_sentence(const BasicConstTensor<T> &input, const BasicConstTensor<T> &output_gradient,
                             const BasicGradients<T> &gradients) {
    std::vector<Memory> memories{{"input", AddressRange(input)},
                                 {"output gradient", AddressRange(output_gradient)}};
    const std::size_t read = memories.size();
    if (gradients.input != nullptr)
        memories.push_back({"input gradient", AddressRange(BasicConstTensor<T>(*gradients.input))});
    for (const auto &[name, values] :
         {std::pair{"weights gradient", gradients.weights}, {"bias gradient", gradients.bias}}) {
        if (values != nullptr)
            memories.push_back({name, {values->data(), values->size()}});
    }
    for (std::size_t i = read; i < memories.size(); i++) {
        for (std::size_t j = 0; j < i; j++) {
            if (memories[i].range.overlaps(memories[j].range)) {
                return std::string(memories[i].name) + " overlaps the " + memories[j].name +
                       "; expected memory of its own";
            }
        }
    }
    if (gradients.weights != nullptr && gradients.weights == gradients.bias)
        return "bias gradient is the vector of the weights gradient; expected one of its own";
    return {};
}

template <class T>
T *sized(std::vector<T> *values, std::size_t count) {
    if (values == nullptr)
        return nullptr;
    values->resize(count);
    return values->data();
}

} // namespace
} // namespace detail

template <class T>
void BasicLayer<T>::backward(const ConstTensorT &input, const ConstTensorT &output_gradient,
                             const BasicGradients<T> &gradients) {
    const detail::Plan plan = checked_shapes(input.shape());
    const auto refuse_if_wrong = [&](const std::string &wrong) {
        if (!wrong.empty())
            refuse(wrong);
    };
    refuse_if_wrong(
        detail::shape_sentence("output gradient", output_gradient.shape(), plan.output, "output", false));
    if (gradients.input != nullptr) {
        refuse_if_wrong(
            detail::shape_sentence("input gradient", gradients.input->shape(), plan.input, "input", true));
    }
    refuse_if_wrong(detail::overlap_sentence(input, output_gradient, gradients));
    std::size_t weights_needed = 1;
    for (const std::int64_t size : weights_size(plan.problem.channels))
        weights_needed *= static_cast<std::size_t>(size);
    const auto bias_needed = static_cast<std::size_t>(num_filters());
    refuse_if_wrong(
        detail::count_sentence("weights gradient", gradients.weights, weights_needed, gradients.accumulate));
    refuse_if_wrong(
        detail::count_sentence("bias gradient", gradients.bias, bias_needed, gradients.accumulate));

    // The input's gradient takes the place of a residual: a third memory, with sizes of its own.
    detail::SignalLayout output_layout, input_gradient_layout = plan.layout;
    detail::read_layout(output_gradient.shape(), output_layout);
    if (gradients.input != nullptr)
        detail::read_layout(gradients.input->shape(), input_gradient_layout);
    const detail::Batches batches = detail::split_batches(plan.layout, output_layout, input_gradient_layout);
    const auto part_of = [](auto *data, const detail::Batches::Side &side, std::int64_t call) {
        return Signal<std::remove_pointer_t<decltype(data)>>{
            data == nullptr ? nullptr : data + call * side.step, side.strides};
    };
    T *input_gradient = gradients.input == nullptr ? nullptr : gradients.input->data();
    Problem problem = plan.problem;
    problem.order = detail::common_order(plan.layout, output_layout, output_layout);
    problem.batch = batches.batch;
    detail::Backward<T> backward(*this, problem);
    backward.expect_kernels(batches.output.strides, part_of(input_gradient, batches.residual, 0));
    initialize(plan);
    // Nothing is refused from here on.
    T *weights_gradient = detail::sized(gradients.weights, weights_needed);
    T *bias_gradient = detail::sized(gradients.bias, bias_needed);
    for (std::int64_t i = 0; i < batches.calls; i++) {
        backward.run_in_parts(part_of(input.data(), batches.input, i),
                              part_of(output_gradient.data(), batches.output, i),
                              part_of(input_gradient, batches.residual, i), weights_gradient, bias_gradient,
                              gradients.accumulate, i > 0);
    }
}

template void BasicLayer<float>::backward(const BasicConstTensor<float> &, const BasicConstTensor<float> &,
                                          const BasicGradients<float> &);
template void BasicLayer<double>::backward(const BasicConstTensor<double> &, const BasicConstTensor<double> &,
                                           const BasicGradients<double> &);

} // namespace conv1d
