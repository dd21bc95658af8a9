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
        take_arguments();
        auto &s = stages;
        s.taps = Halide::RDom(0, taps(), 0, channels(), "taps");
        if (row().schedule->weight_order == WeightOrder::channel_inner)
            leave_out_taps_of_zeros();
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
    /// A register tile of positions has only the taps that see the signal for one of them, if there are zeros
    /// around it.
    void leave_out_taps_of_zeros() {
        auto &s = stages;
        const int positions = row().schedule->position_tile;
        const Halide::Expr first = s.tile * positions, last = first + positions - 1;
        const Halide::Expr zeros =
            padding_mode == static_cast<int>(PaddingMode::constant) && padding_value == Halide::Expr(0.0);
        const auto tap_at = [&](const Halide::Expr &sample) {
            return (sample + dilation - 1) / dilation; // the first one there or after it
        };
        s.seen_taps(s.tile) =
            Halide::Tuple(select(zeros, tap_at(left - last * stride), 0),
                          select(zeros, tap_at(left + input.dim(0).extent() - first * stride), taps()));
        const Halide::Expr tile = s.position / positions;
        s.taps.where(s.taps.x >= s.seen_taps(tile)[0] && s.taps.x < s.seen_taps(tile)[1]);
    }

    void stage_padded_input() {
        auto &s = stages;
        const Halide::Expr seen = (output.dim(0).extent() - 1) * stride + (taps() - 1) * dilation + 1;
        const PaddedInput padded(left, input.dim(0).extent(), seen, padding_mode);
        s.outside_is_near = padded.near();
        s.outside(s.sample) = padded.outside_sample(s.sample);
        stage(padded.value(s.sample, s.outside, real(padding_value),
                           [this](const Halide::Expr &place) { return input_sample(place); }),
              padded.inside(s.sample) || padded.repeats());
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::Convolution, conv1d)
