#include "bench/peers/onednn_forward.h"

#include "bench/peers/onednn_shapes.h"

#include <omp.h>

namespace conv1d::bench {
namespace {

using dnnl::memory;
using Layout = Posing::Layout;

template <class Op>
class Forward final : public ForwardPeer {
public:
    Forward(const Problem &p, Posing posing, const ForwardArrays &arrays)
        : shapes_(p, posing.two_dimensional), reorders_(posing.layout == Layout::reordered),
          descriptor_(descriptor(posing.layout != Layout::plain)), primitive_(descriptor_),
          input_(processor_.laid_out(arrays.input, shapes_.input(false), shapes_.input(false))),
          output_(shapes_.output(false), processor_.engine) {
        arguments_ = {
            {DNNL_ARG_SRC, processor_.laid_out(arrays.input, shapes_.input(false), descriptor_.src_desc())},
            {DNNL_ARG_WEIGHTS,
             processor_.laid_out(arrays.weights, shapes_.weights(false), descriptor_.weights_desc())},
            {DNNL_ARG_BIAS, processor_.laid_out(arrays.bias, shapes_.bias(), shapes_.bias())},
            {DNNL_ARG_DST, memory(descriptor_.dst_desc(), processor_.engine)}};
        if (reorders_) {
            reorder_input_ = dnnl::reorder(input_, arguments_.at(DNNL_ARG_SRC));
            reorder_output_ = dnnl::reorder(arguments_.at(DNNL_ARG_DST), output_);
        }
    }

    void run() override {
        dnnl::stream &stream = processor_.stream;
        if (reorders_)
            reorder_input_.execute(stream, input_, arguments_.at(DNNL_ARG_SRC));
        primitive_.execute(stream, arguments_);
        if (reorders_)
            reorder_output_.execute(stream, arguments_.at(DNNL_ARG_DST), output_);
        stream.wait();
    }

    std::vector<float> output_values() override {
        return processor_.values(reorders_ ? output_ : arguments_.at(DNNL_ARG_DST), shapes_.output(false));
    }

    std::string implementation() const override { return descriptor_.impl_info_str(); }

    bool is_plain() const {
        return descriptor_.src_desc() == shapes_.input(false) &&
               descriptor_.dst_desc() == shapes_.output(false);
    }

private:
    typename Op::Forward::primitive_desc descriptor(bool any) {
        return {{dnnl::prop_kind::forward_inference, Op::algorithm, shapes_.input(any), shapes_.weights(true),
                 shapes_.bias(), shapes_.output(any), shapes_.strides(), shapes_.dilations(), shapes_.left(),
                 shapes_.right()},
                processor_.engine};
    }

    Processor processor_;
    Shapes shapes_;
    bool reorders_;
    typename Op::Forward::primitive_desc descriptor_;
    typename Op::Forward primitive_;
    memory input_, output_; ///< plain
    std::unordered_map<int, memory> arguments_;
    dnnl::reorder reorder_input_, reorder_output_;
};

template <class Op>
std::unique_ptr<ForwardPeer> make(const Problem &p, Posing posing, const ForwardArrays &arrays) {
    try {
        auto forward = std::make_unique<Forward<Op>>(p, posing, arrays);
        if (posing.layout == Layout::reordered && forward->is_plain())
            return nullptr;
        return forward;
    } catch (const dnnl::error &error) {
        if (error.status == dnnl_unimplemented)
            return nullptr;
        throw;
    }
}

} // namespace

std::unique_ptr<ForwardPeer> onednn_forward(const Problem &p, Posing posing, const ForwardArrays &arrays,
                                            int threads) {
    omp_set_num_threads(threads);
    if (p.operation == Operation::convolution)
        return make<Convolution>(p, posing, arrays);
    return make<Deconvolution>(p, posing, arrays);
}

} // namespace conv1d::bench
