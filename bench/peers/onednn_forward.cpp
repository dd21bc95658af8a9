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
        : shapes_(p, posing.two_dimensional), descriptor_(descriptor(posing.layout != Layout::plain)),
          primitive_(descriptor_),
          input_(processor_.laid_out(arrays.input, shapes_.input(false), descriptor_.src_desc())),
          output_(descriptor_.dst_desc(), processor_.engine) {
        arguments_ = {{DNNL_ARG_SRC, input_},
                      {DNNL_ARG_WEIGHTS, processor_.laid_out(arrays.weights, shapes_.weights(false),
                                                             descriptor_.weights_desc())},
                      {DNNL_ARG_BIAS, processor_.laid_out(arrays.bias, shapes_.bias(), shapes_.bias())},
                      {DNNL_ARG_DST, output_}};
        if (posing.layout == Layout::reordered)
            reorder(arrays.input);
    }

    void run() override {
        dnnl::stream &stream = processor_.stream;
        if (plain_input_)
            reorder_input_.execute(stream, plain_input_, input_);
        primitive_.execute(stream, arguments_);
        if (plain_output_)
            reorder_output_.execute(stream, output_, plain_output_);
        stream.wait();
    }

    std::vector<float> output_values() override {
        return processor_.values(plain_output_ ? plain_output_ : output_, shapes_.output(false));
    }

    std::string implementation() const override { return descriptor_.impl_info_str(); }

    /// Whether this is what Layout::plain gives: its own layouts are the plain ones, and its kernel is the
    /// same.
    bool is_plain() {
        return !plain_input_ && !plain_output_ && descriptor(false).impl_info_str() == implementation();
    }

private:
    typename Op::Forward::primitive_desc descriptor(bool any) {
        return {{dnnl::prop_kind::forward_inference, Op::algorithm, shapes_.input(any), shapes_.weights(true),
                 shapes_.bias(), shapes_.output(any), shapes_.strides(), shapes_.dilations(), shapes_.left(),
                 shapes_.right()},
                processor_.engine};
    }

    /// Adds the reorders from and to plain memory, of those that do not lie so anyway.
    void reorder(const float *input) {
        if (input_.get_desc() != shapes_.input(false)) {
            plain_input_ = processor_.laid_out(input, shapes_.input(false), shapes_.input(false));
            reorder_input_ = dnnl::reorder(plain_input_, input_);
        }
        if (output_.get_desc() != shapes_.output(false)) {
            plain_output_ = memory(shapes_.output(false), processor_.engine);
            reorder_output_ = dnnl::reorder(output_, plain_output_);
        }
    }

    Processor processor_;
    Shapes shapes_;
    typename Op::Forward::primitive_desc descriptor_;
    typename Op::Forward primitive_;
    memory input_, output_;             ///< as the primitive wants them
    memory plain_input_, plain_output_; ///< empty where nothing is reordered
    dnnl::reorder reorder_input_, reorder_output_;
    std::unordered_map<int, memory> arguments_;
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
