#include "generators/kernel_generator.h"

namespace conv1d {

/// Forward transposed convolution in phase form, every size at run time. Before cropping, position m*stride +
/// p of the output belongs to phase p, which owns the taps p, p + stride, p + 2*stride, ...:
///
///   output(m*stride + p - left, f) = bias(f) + sum over j, c of input(m - j, c) * weights(f, p + j*stride,
///   c)
///
/// so nothing is scattered and nothing multiplied by a zero between samples.
class TransposedConvolution : public KernelGenerator<TransposedConvolution> {
public:
    static constexpr Operation operation = Operation::transposed_convolution;

    void generate() {
        refuse_unsupported();
        this->add_requirement(padding_mode == 0 && padding_value == 0.0f,
                              "a transposed convolution is not padded");
        this->add_requirement(dilation == 1, "dilation of a transposed convolution is not supported yet");
        stages.stride = stride;
        sum_phases();
        place_phases();
        stages.output = output;
    }

private:
    void sum_phases() {
        auto &s = stages;
        const Halide::Func zero_outside =
            Halide::BoundaryConditions::constant_exterior(input, 0.0f, {{0, input.dim(0).extent()}});
        s.staged(s.sample, s.channel, s.group, s.batch) = zero_outside(s.sample, s.channel, s.group, s.batch);

        s.taps = Halide::RDom(0, (taps() + stride - 1) / stride, 0, channels(), "taps");
        s.taps.where(s.taps.x < (taps() - s.phase + stride - 1) / stride); // taps of this phase
        const Halide::Expr tap = Halide::unsafe_promise_clamped(s.phase + s.taps.x * stride, 0, taps() - 1);
        s.accumulator(s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch) =
            bias(s.filter_in_block, s.block, s.group);
        s.accumulator(s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch) +=
            s.staged(s.position - s.taps.x, s.taps.y, s.group, s.batch) *
            weights(s.filter_in_block, tap, s.taps.y, s.block, s.group);
    }

    /// Writes each place (position within a tile, phase, tile) that lies in the output to where it belongs.
    void place_phases() {
        auto &s = stages;
        const int block = row().schedule->filter_block;
        const int tile = row().schedule->position_tile;
        const Halide::Expr length = output.dim(0).extent();
        const Halide::Expr first = left / stride;
        const Halide::Expr positions = (length - 1 + left) / stride - first + 1;
        s.places = Halide::RDom(0, tile, 0, stride, 0, (positions + tile - 1) / tile, "places");
        const Halide::Expr m = first + s.places.z * tile + s.places.x;
        const Halide::Expr place = m * stride + s.places.y - left;
        s.places.where(place >= 0 && place < length);

        output(s.position, s.filter, s.group, s.batch) = Halide::undef<float>();
        output(Halide::unsafe_promise_clamped(place, 0, length - 1), s.filter, s.group, s.batch) =
            s.accumulator(m, s.places.y, s.filter % block, s.filter / block, s.group, s.batch);
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::TransposedConvolution, conv_transpose1d)
