#include "bench/peers/onednn_backward.h"

#include "bench/peers/onednn_shapes.h"

#include <omp.h>

namespace conv1d::bench {
namespace {

using dnnl::memory;

template <class Op>
class Backward final : public OneDnnBackward {
public:
    Backward(const Problem &p, Posing posing, const float *input, const float *weights, const float *gradient)
        : shapes_(p, posing.two_dimensional) {
        const bool any = posing.layout == Posing::Layout::own;
        const memory::desc src = shapes_.input(any), dst = shapes_.output(any), wei = shapes_.weights(true);
        const typename Op::Forward::primitive_desc forward(
            {dnnl::prop_kind::forward_training, Op::algorithm, src, wei, shapes_.bias(), dst,
             shapes_.strides(), shapes_.dilations(), shapes_.left(), shapes_.right()},
            processor_.engine);
        const typename Op::Data::primitive_desc data({Op::algorithm, src, wei, dst, shapes_.strides(),
                                                      shapes_.dilations(), shapes_.left(), shapes_.right()},
                                                     processor_.engine, forward);
        const typename Op::Weights::primitive_desc of_weights({Op::algorithm, src, wei, shapes_.bias(), dst,
                                                               shapes_.strides(), shapes_.dilations(),
                                                               shapes_.left(), shapes_.right()},
                                                              processor_.engine, forward);
        data_ = typename Op::Data(data);
        weights_ = typename Op::Weights(of_weights);
        data_arguments_ = {
            {DNNL_ARG_DIFF_SRC, memory(data.diff_src_desc(), processor_.engine)},
            {DNNL_ARG_WEIGHTS, processor_.laid_out(weights, shapes_.weights(false), data.weights_desc())},
            {DNNL_ARG_DIFF_DST, processor_.laid_out(gradient, shapes_.output(false), data.diff_dst_desc())}};
        weights_arguments_ = {
            {DNNL_ARG_SRC, processor_.laid_out(input, shapes_.input(false), of_weights.src_desc())},
            {DNNL_ARG_DIFF_WEIGHTS, memory(of_weights.diff_weights_desc(), processor_.engine)},
            {DNNL_ARG_DIFF_BIAS, memory(of_weights.diff_bias_desc(), processor_.engine)},
            {DNNL_ARG_DIFF_DST,
             processor_.laid_out(gradient, shapes_.output(false), of_weights.diff_dst_desc())}};
    }

    void input_gradient() override { run(data_, data_arguments_); }
    void weights_gradient() override { run(weights_, weights_arguments_); }

    std::vector<float> input_values() override {
        return processor_.values(data_arguments_.at(DNNL_ARG_DIFF_SRC), shapes_.input(false));
    }
    std::vector<float> weights_values() override {
        return processor_.values(weights_arguments_.at(DNNL_ARG_DIFF_WEIGHTS), shapes_.weights(false));
    }
    std::vector<float> bias_values() override {
        return processor_.values(weights_arguments_.at(DNNL_ARG_DIFF_BIAS), shapes_.bias());
    }

private:
    using Arguments = std::unordered_map<int, memory>;

    void run(dnnl::primitive &primitive, const Arguments &arguments) {
        primitive.execute(processor_.stream, arguments);
        processor_.stream.wait();
    }

    Shapes shapes_;
    Processor processor_;
    dnnl::primitive data_, weights_;
    Arguments data_arguments_, weights_arguments_;
};

} // namespace

std::unique_ptr<OneDnnBackward> onednn_backward(const Problem &p, Posing posing, const float *input,
                                                const float *weights, const float *output_gradient) {
    omp_set_num_threads(1);
    try {
        if (p.operation == Operation::convolution)
            return std::make_unique<Backward<Convolution>>(p, posing, input, weights, output_gradient);
        return std::make_unique<Backward<Deconvolution>>(p, posing, input, weights, output_gradient);
    } catch (const dnnl::error &error) {
        if (error.status == dnnl_unimplemented)
            return nullptr;
        throw;
    }
}

} // namespace conv1d::bench
