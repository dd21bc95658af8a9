#include "generators/kernel_generator.h"
#include "generators/padding.h"

namespace conv1d {

/// Forward convolution (cross-correlation), every size at run time:
///
///   z(i, f) = bias(f) + sum over k, c of padded(i*stride + k*dilation - left, c) * weights(f, k, c)
///   output(i, f) = activation(z(i, f)) + residual(i, f)
///
/// for every group and batch, padded being input_activation(input) within [0, length) and what padding_mode
/// says elsewhere; f lies in block f / block at f % block.
class Convolution : public KernelGenerator<Convolution> {
public:
    static constexpr Operation operation = Operation::convolution;

    void generate() {
        check_arguments();
        auto &s = stages;
        s.taps = Halide::RDom(0, taps(), 0, channels(), "taps");
        const int block = row().schedule->filter_block;

        stage_padded_input();

        const Halide::Expr sample = s.position * stride + s.taps.x * dilation;
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) =
            bias(s.filter_in_block, s.block, s.group);
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) +=
            s.staged(sample, s.taps.y, s.group, s.batch) *
            weights(s.filter_in_block, s.taps.x, s.taps.y, s.block, s.group);

        activate_sums({s.position, s.filter_in_block, s.block, s.group, s.batch});
        Halide::RDom passes(0, 2, "passes");
        write(s.position, {s.position, s.filter % block, s.filter / block, s.group, s.batch}, passes,
              passes.x);
    }

private:
    /// The padded input, a tile at a time: inside the signal a plain copy; outside, the constant or the
    /// sample that the padding mode puts there. Which one that is, is worked out once a call for all channels
    /// (`outside`).
    void stage_padded_input() {
        auto &s = stages;
        const Halide::Expr length = input.dim(0).extent();
        const Halide::Expr x = s.sample - left;
        // Position `sample` of `outside` stands for x = sample - left left of the signal, and right of it
        // continues where the signal ends.
        s.outside_is_near = outside_samples() < length;
        s.outside(s.sample) =
            extended_sample(select(s.sample < left, x, x + length), length, padding_mode, s.outside_is_near);
        const Halide::Expr place =
            clamp(select(x < 0, s.sample, s.sample - length), 0, outside_samples() - 1);
        // Clamped, because Halide leaves `outside` unwritten where its value is not used, and still loads
        // with it.
        const Halide::Expr extended = input_sample(clamp(s.outside(place), 0, length - 1));
        const Halide::Expr inside = x >= 0 && x < length;
        const Halide::Expr repeats = padding_mode != static_cast<int>(PaddingMode::constant);
        stage(select(Halide::likely(inside), input_sample(Halide::likely(clamp(x, 0, length - 1))),
                     select(repeats, extended, real(padding_value))),
              inside || repeats);
    }

    /// Padded samples on both sides that some output sees; at least 1.
    Halide::Expr outside_samples() {
        const Halide::Expr seen =
            (output.dim(0).extent() - 1) * stride + (taps() - 1) * dilation + 1 - input.dim(0).extent();
        return Halide::max(Halide::max(left, seen), 1);
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::Convolution, conv1d)
