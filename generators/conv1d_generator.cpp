#include "generators/kernel_generator.h"

namespace conv1d {

/// Forward convolution (cross-correlation), every size at run time:
///
///   output(i, f) = bias(f) + sum over k, c of padded(i*stride + k*dilation - left, c) * weights(f, k, c)
///
/// for every group and batch; f lies in block f / block at f % block.
class Convolution : public KernelGenerator<Convolution> {
public:
    static constexpr Operation operation = Operation::convolution;

    void generate() {
        refuse_unsupported();
        auto &s = stages;
        s.stride = stride;
        s.taps = Halide::RDom(0, taps(), 0, channels(), "taps");
        const int block = row().schedule->filter_block;

        s.staged(s.sample, s.channel, s.group, s.batch) =
            padded()(s.sample - left, s.channel, s.group, s.batch);

        const Halide::Expr sample = s.position * stride + s.taps.x * dilation;
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) =
            bias(s.filter_in_block, s.block, s.group);
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) +=
            s.staged(sample, s.taps.y, s.group, s.batch) *
            weights(s.filter_in_block, s.taps.x, s.taps.y, s.block, s.group);

        output(s.position, s.filter, s.group, s.batch) =
            s.accumulator(s.position, s.filter % block, s.filter / block, s.group, s.batch);
        s.output = output;
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::Convolution, conv1d)
