#include "bench/peers/lengths.h"
#include "bench/peers/onednn_shapes.h"
#include "bench/verify.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace conv1d::bench {
namespace {

using dnnl::memory;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A layer's weights and memory, as a program would keep them over many lengths.
template <class Op>
class Lengths {
public:
    Lengths(const Problem &p, bool two_dimensional, std::int64_t longest)
        : problem_(p), two_dimensional_(two_dimensional) {
        std::mt19937 random(1);
        Problem all = p;
        all.length = longest;
        plain_weights_ = noise<float>(p.channels_per_group() * p.filters * p.taps, random);
        bias_ = noise<float>(p.filters, random);
        input_ = noise<float>(all.batch * all.channels * all.length, random);
        output_.resize(static_cast<std::size_t>(all.batch * all.filters * all.output_length()));
    }

    struct Primitive {
        typename Op::Forward forward;
        std::unordered_map<int, memory> arguments;
    };

    Primitive make(std::int64_t length) {
        Problem p = problem_;
        p.length = length;
        const Shapes shapes(p, two_dimensional_);
        const typename Op::Forward::primitive_desc descriptor(
            {dnnl::prop_kind::forward_inference, Op::algorithm, shapes.input(false), shapes.weights(true),
             shapes.bias(), shapes.output(false), shapes.strides(), shapes.dilations(), shapes.left(),
             shapes.right()},
            processor_.engine);
        if (!weights_ || weights_.get_desc() != descriptor.weights_desc())
            weights_ =
                processor_.laid_out(plain_weights_.data(), shapes.weights(false), descriptor.weights_desc());
        return {typename Op::Forward(descriptor),
                {{DNNL_ARG_SRC, memory(descriptor.src_desc(), processor_.engine, input_.data())},
                 {DNNL_ARG_WEIGHTS, weights_},
                 {DNNL_ARG_BIAS, memory(shapes.bias(), processor_.engine, bias_.data())},
                 {DNNL_ARG_DST, memory(descriptor.dst_desc(), processor_.engine, output_.data())}}};
    }

    void run(Primitive &primitive) {
        primitive.forward.execute(processor_.stream, primitive.arguments);
        processor_.stream.wait();
    }

private:
    Problem problem_;
    bool two_dimensional_;
    Processor processor_;
    std::vector<float> plain_weights_, bias_, input_, output_;
    memory weights_;
};

template <class Op>
LengthTimes measure(const Problem &p, bool two_dimensional, const std::vector<std::int64_t> &lengths) {
    Lengths<Op> layer(p, two_dimensional, std::max(p.length, std::ranges::max(lengths)));
    LengthTimes times;
    auto start = Clock::now();
    auto first = layer.make(p.length);
    times.create = seconds_since(start);
    start = Clock::now();
    layer.run(first);
    times.first = seconds_since(start);
    std::vector<typename Lengths<Op>::Primitive> primitives;
    start = Clock::now();
    for (const std::int64_t length : lengths) {
        primitives.push_back(layer.make(length));
        layer.run(primitives.back());
    }
    times.fresh = seconds_since(start);
    start = Clock::now();
    for (auto &primitive : primitives)
        layer.run(primitive);
    times.again = seconds_since(start);
    return times;
}

} // namespace

std::optional<LengthTimes> onednn_new_lengths(const Problem &p, bool two_dimensional,
                                              const std::vector<std::int64_t> &lengths, int threads) {
    omp_set_num_threads(threads);
    try {
        if (p.operation == Operation::convolution)
            return measure<Convolution>(p, two_dimensional, lengths);
        return measure<Deconvolution>(p, two_dimensional, lengths);
    } catch (const dnnl::error &error) {
        if (error.status == dnnl_unimplemented)
            return {};
        throw;
    }
}

} // namespace conv1d::bench
