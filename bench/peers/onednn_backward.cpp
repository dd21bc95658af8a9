#include "bench/peers/onednn_backward.h"

#include <dnnl.hpp>
#include <omp.h>

#include <cstdint>
#include <utility>

namespace conv1d::bench {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

/// The descriptors of both operations have the same parameters.
struct Convolution {
    using Forward = dnnl::convolution_forward;
    using Data = dnnl::convolution_backward_data;
    using Weights = dnnl::convolution_backward_weights;
    static constexpr auto algorithm = dnnl::algorithm::convolution_direct;
};

struct Deconvolution {
    using Forward = dnnl::deconvolution_forward;
    using Data = dnnl::deconvolution_backward_data;
    using Weights = dnnl::deconvolution_backward_weights;
    static constexpr auto algorithm = dnnl::algorithm::deconvolution_direct;
};

/// The sizes of a layer, with a height of 1 where it is posed so.
class Shapes {
public:
    Shapes(const Problem &p, OneDnnBackward::Posing posing) : p_(p), posing_(posing) {}

    memory::desc activations(std::int64_t channels, std::int64_t length, bool any) const {
        const bool channels_first = p_.order == MemoryOrder::scb;
        const Tag tag = posing_.two_dimensional ? (channels_first ? Tag::nchw : Tag::nhwc)
                                                : (channels_first ? Tag::ncw : Tag::nwc);
        return {with_height({p_.batch, channels, length}, 1), memory::data_type::f32, any ? Tag::any : tag};
    }
    memory::desc input(bool any) const { return activations(p_.channels, p_.length, any); }
    memory::desc output(bool any) const { return activations(p_.filters, p_.output_length(), any); }
    memory::desc weights(bool any) const {
        const bool transposed = p_.operation == Operation::transposed_convolution;
        const std::int64_t g = p_.groups;
        Dims dims{p_.filters / g, p_.channels / g, p_.taps};
        if (g > 1)
            dims.insert(dims.begin(), g);
        dims = with_height(dims, 1);
        if (any)
            return {dims, memory::data_type::f32, Tag::any};
        // Filters and channels of a group, exchanged in memory for transposed layers.
        Dims strides(dims.size(), 1);
        const std::size_t filters = g > 1 ? 1 : 0;
        const std::int64_t rows = transposed ? p_.filters / g : p_.channels / g;
        strides[filters] = transposed ? p_.taps : rows * p_.taps;
        strides[filters + 1] = transposed ? rows * p_.taps : p_.taps;
        if (g > 1)
            strides[0] = p_.filters / g * (p_.channels / g) * p_.taps;
        return {dims, memory::data_type::f32, strides};
    }
    memory::desc bias() const { return {{p_.filters}, memory::data_type::f32, Tag::x}; }

    Dims strides() const { return with_height({p_.stride}, 1); }
    Dims dilations() const { return with_height({p_.dilation - 1}, 0); }
    Dims left() const { return with_height({p_.left}, 0); }
    Dims right() const { return with_height({p_.right - p_.output_padding}, 0); }

private:
    Dims with_height(Dims dims, std::int64_t height) const {
        if (posing_.two_dimensional)
            dims.insert(dims.end() - 1, height);
        return dims;
    }

    const Problem &p_;
    OneDnnBackward::Posing posing_;
};

template <class Op>
class Backward final : public OneDnnBackward {
public:
    Backward(const Problem &p, Posing posing, const float *input, const float *weights, const float *gradient)
        : shapes_(p, posing) {
        const bool any = !posing.plain;
        const memory::desc src = shapes_.input(any), dst = shapes_.output(any), wei = shapes_.weights(true);
        const typename Op::Forward::primitive_desc forward(
            {dnnl::prop_kind::forward_training, Op::algorithm, src, wei, shapes_.bias(), dst,
             shapes_.strides(), shapes_.dilations(), shapes_.left(), shapes_.right()},
            engine_);
        const typename Op::Data::primitive_desc data({Op::algorithm, src, wei, dst, shapes_.strides(),
                                                      shapes_.dilations(), shapes_.left(), shapes_.right()},
                                                     engine_, forward);
        const typename Op::Weights::primitive_desc of_weights({Op::algorithm, src, wei, shapes_.bias(), dst,
                                                               shapes_.strides(), shapes_.dilations(),
                                                               shapes_.left(), shapes_.right()},
                                                              engine_, forward);
        data_ = typename Op::Data(data);
        weights_ = typename Op::Weights(of_weights);
        data_arguments_ = {
            {DNNL_ARG_DIFF_SRC, memory(data.diff_src_desc(), engine_)},
            {DNNL_ARG_WEIGHTS, laid_out(weights, shapes_.weights(false), data.weights_desc())},
            {DNNL_ARG_DIFF_DST, laid_out(gradient, shapes_.output(false), data.diff_dst_desc())}};
        weights_arguments_ = {
            {DNNL_ARG_SRC, laid_out(input, shapes_.input(false), of_weights.src_desc())},
            {DNNL_ARG_DIFF_WEIGHTS, memory(of_weights.diff_weights_desc(), engine_)},
            {DNNL_ARG_DIFF_BIAS, memory(of_weights.diff_bias_desc(), engine_)},
            {DNNL_ARG_DIFF_DST, laid_out(gradient, shapes_.output(false), of_weights.diff_dst_desc())}};
    }

    void input_gradient() override { run(data_, data_arguments_); }
    void weights_gradient() override { run(weights_, weights_arguments_); }

    std::vector<float> input_values() override {
        return values(data_arguments_.at(DNNL_ARG_DIFF_SRC), shapes_.input(false));
    }
    std::vector<float> weights_values() override {
        return values(weights_arguments_.at(DNNL_ARG_DIFF_WEIGHTS), shapes_.weights(false));
    }
    std::vector<float> bias_values() override {
        return values(weights_arguments_.at(DNNL_ARG_DIFF_BIAS), shapes_.bias());
    }

private:
    using Arguments = std::unordered_map<int, memory>;

    void run(dnnl::primitive &primitive, const Arguments &arguments) {
        primitive.execute(stream_, arguments);
        stream_.wait();
    }

    memory laid_out(const float *plain, const memory::desc &from, const memory::desc &to) {
        memory source(from, engine_, const_cast<float *>(plain)), result(to, engine_);
        dnnl::reorder(source, result).execute(stream_, source, result);
        stream_.wait();
        return result;
    }

    std::vector<float> values(memory &from, const memory::desc &plain) {
        std::vector<float> result(plain.get_size() / sizeof(float));
        memory to(plain, engine_, result.data());
        dnnl::reorder(from, to).execute(stream_, from, to);
        stream_.wait();
        return result;
    }

    Shapes shapes_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    dnnl::primitive data_, weights_;
    Arguments data_arguments_, weights_arguments_;
};

} // namespace

std::string onednn_version() {
    const dnnl_version_t &version = *dnnl_version();
    return "oneDNN " + std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
           std::to_string(version.patch);
}

std::unique_ptr<OneDnnBackward> onednn_backward(const Problem &p, OneDnnBackward::Posing posing,
                                                const float *input, const float *weights,
                                                const float *output_gradient) {
    omp_set_num_threads(1);
    try {
        if (p.operation == Operation::convolution)
            return std::make_unique<Backward<Convolution>>(p, posing, input, weights, output_gradient);
        return std::make_unique<Backward<Deconvolution>>(p, posing, input, weights, output_gradient);
    } catch (const dnnl::error &) {
        return nullptr;
    }
}

} // namespace conv1d::bench
