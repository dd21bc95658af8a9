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
    Lengths(const Problem &p, Posing posing, std::int64_t longest) : problem_(p), posing_(posing) {
        std::mt19937 random(1);
        Problem all = p;
        all.length = longest;
        plain_weights_ = noise<float>(p.channels_per_group() * p.filters * p.taps, random);
        bias_ = noise<float>(p.filters, random);
        input_ = noise<float>(all.batch * all.channels * all.length, random);
        output_.resize(static_cast<std::size_t>(all.batch * all.filters * all.output_length()));
    }

    struct Step {
        dnnl::primitive primitive;
        std::unordered_map<int, memory> arguments;
    };
    /// The primitive of one length, between those that bring input and output into its layouts and back.
    using Steps = std::vector<Step>;

    Steps make(std::int64_t length) {
        Problem p = problem_;
        p.length = length;
        const Shapes shapes(p, posing_.two_dimensional);
        const bool any = posing_.layout != Posing::Layout::plain;
        const typename Op::Forward::primitive_desc descriptor(
            {dnnl::prop_kind::forward_inference, Op::algorithm, shapes.input(any), shapes.weights(true),
             shapes.bias(), shapes.output(any), shapes.strides(), shapes.dilations(), shapes.left(),
             shapes.right()},
            processor_.engine);
        if (!weights_ || weights_.get_desc() != descriptor.weights_desc())
            weights_ =
                processor_.laid_out(plain_weights_.data(), shapes.weights(false), descriptor.weights_desc());
        memory input(shapes.input(false), processor_.engine, input_.data());
        memory output(shapes.output(false), processor_.engine, output_.data());
        Steps before, after;
        memory own_input = as_wanted(input, descriptor.src_desc()),
               own_output = as_wanted(output, descriptor.dst_desc());
        if (own_input != input)
            before = {{dnnl::reorder(input, own_input), {{DNNL_ARG_FROM, input}, {DNNL_ARG_TO, own_input}}}};
        if (own_output != output)
            after = {
                {dnnl::reorder(own_output, output), {{DNNL_ARG_FROM, own_output}, {DNNL_ARG_TO, output}}}};
        before.push_back({typename Op::Forward(descriptor),
                          {{DNNL_ARG_SRC, own_input},
                           {DNNL_ARG_WEIGHTS, weights_},
                           {DNNL_ARG_BIAS, memory(shapes.bias(), processor_.engine, bias_.data())},
                           {DNNL_ARG_DST, own_output}}});
        before.insert(before.end(), after.begin(), after.end());
        return before;
    }

    void run(Steps &steps) {
        for (Step &step : steps)
            step.primitive.execute(processor_.stream, step.arguments);
        processor_.stream.wait();
    }

private:
    /// The plain memory itself if it lies as is wanted, else new memory.
    memory as_wanted(const memory &plain, const memory::desc &wanted) {
        return plain.get_desc() == wanted ? plain : memory(wanted, processor_.engine);
    }

    Problem problem_;
    Posing posing_;
    Processor processor_;
    std::vector<float> plain_weights_, bias_, input_, output_;
    memory weights_;
};

template <class Op>
LengthTimes measure(const Problem &p, Posing posing, const std::vector<std::int64_t> &lengths) {
    Lengths<Op> layer(p, posing, std::max(p.length, std::ranges::max(lengths)));
    LengthTimes times;
    auto start = Clock::now();
    auto first = layer.make(p.length);
    times.create = seconds_since(start);
    start = Clock::now();
    layer.run(first);
    times.first = seconds_since(start);
    std::vector<typename Lengths<Op>::Steps> primitives;
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

std::optional<LengthTimes> onednn_new_lengths(const Problem &p, Posing posing,
                                              const std::vector<std::int64_t> &lengths, int threads) {
    omp_set_num_threads(threads);
    try {
        if (p.operation == Operation::convolution)
            return measure<Convolution>(p, posing, lengths);
        return measure<Deconvolution>(p, posing, lengths);
    } catch (const dnnl::error &error) {
        if (error.status == dnnl_unimplemented)
            return {};
        throw;
    }
}

} // namespace conv1d::bench
