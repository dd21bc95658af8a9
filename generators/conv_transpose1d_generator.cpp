#include "generators/kernel_generator.h"

namespace conv1d {

/// Forward transposed convolution in phase form, every size at run time. Tap k of input sample n meets output
/// position n*stride + k*dilation, before cropping; so the taps that meet a position are those of its phase,
/// its remainder modulo the stride. With g = gcd(stride, dilation) and tap_step = stride/g, the phases are
/// numbered q = 0 ... stride-1 such that
///
///   phase q has remainder  r(q) = ((q % tap_step)*dilation + q/tap_step) % stride
///           and the taps   k = q, q + tap_step, q + 2*tap_step, ...   if q < tap_step, else none, as no
///           multiple of g
///                                                                     has its remainder
///   z(m*stride + r(q) - left, f) = bias(f) + sum over k, c of input(m - (k*dilation - r(q))/stride, c) *
///   weights(f, k, c) output(i, f) = activation(z(i, f)) + residual(i, f)
///
/// so nothing is scattered and nothing multiplied by a zero between samples. Without dilation r(q) = q.
class TransposedConvolution : public KernelGenerator<TransposedConvolution> {
public:
    static constexpr Operation operation = Operation::transposed_convolution;

    void generate() {
        take_arguments();
        this->add_requirement(tap_step >= 1, "tap_step must be positive");
        this->add_requirement(padding_mode == 0 && Halide::Expr(padding_value) == 0.0f,
                              "a transposed convolution is not padded");
        start_phases();
        stage(
            {0, input.dim(0).extent(), real(0), stages.sample >= 0 && stages.sample < input.dim(0).extent()});
        if (vectors_of_phases()) {
            this->add_requirement(dilation == 1, "this schedule computes without dilation only");
            sum_vectors_of_phases();
        } else {
            sum_phases();
        }
        place_phases();
    }

private:
    /// Of each phase, r(q), and how many samples back its first tap reaches. Without overflow, and without a
    /// division where there is no dilation.
    void start_phases() {
        const auto wide = [](const Halide::Expr &number) { return Halide::cast<std::int64_t>(number); };
        const Halide::Expr q = stages.phase;
        const Halide::Expr multiple = wide(q % tap_step) * wide(dilation % stride) + wide(q / tap_step);
        const Halide::Expr dilated = Halide::cast<int>(multiple % wide(stride));
        const Halide::Expr adjacent = dilation == 1;
        stages.phase_start(stages.phase) = Halide::Tuple(
            either(adjacent, q, dilated), either(adjacent, 0, (q * dilation - dilated) / stride));
    }

    /// r(q)
    Halide::Expr remainder(const Halide::Expr &q) {
        if (vectors_of_phases())
            return q;
        return Halide::unsafe_promise_clamped(stages.phase_start(q)[0], 0, stride - 1);
    }

    /// m*stride + r(q) - left
    Halide::Expr output_position(const Halide::Expr &m, const Halide::Expr &q) {
        return m * stride + remainder(q) - left;
    }

    void sum_phases() {
        auto &s = stages;
        const Halide::Expr most_taps = (taps() + tap_step - 1) / tap_step; // of a phase
        s.taps = Halide::RDom(0, most_taps, 0, channels(), "taps");
        s.taps.where(s.taps.x < select(s.phase < tap_step, (taps() - s.phase + tap_step - 1) / tap_step, 0));
        const Halide::Expr tap = Halide::unsafe_promise_clamped(s.phase + s.taps.x * tap_step, 0, taps() - 1);
        const Halide::Expr back = s.phase_start(s.phase)[1] + s.taps.x * (dilation / (stride / tap_step));
        const Halide::Expr reach = (taps() - 1) * dilation / stride;
        const std::vector<Halide::Var> sums{s.position, s.phase, s.filter_in_block,
                                            s.block,    s.group, s.batch};
        s.accumulator(sums) =
            asking_for_input(first_sum(most_taps * channels(), output_position(s.position, s.phase), sums));
        s.accumulator(s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch) +=
            s.staged(s.position - Halide::unsafe_promise_clamped(back, 0, reach), s.taps.y, s.group,
                     s.batch) *
            weights(s.filter_in_block, tap, s.taps.y, s.block, s.group);
        activate_sums({s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch});
    }

    /// The value; a register tile asks for input before it is computed.
    Halide::Expr asking_for_input(const Halide::Expr &value) {
        auto &s = stages;
        if (!choice().fetches_input())
            return value;
        fetch_input(s, choice(), input,
                    {tiles(), tile_positions(), first_position(), s.block * stride + s.phase,
                     weights.dim(3).extent() * stride},
                    {s.tile, s.phase, s.block, s.group, s.batch});
        const Halide::Expr tile = (s.position - first_position()) / tile_positions();
        return after(s.fetched_input(tile, s.phase, s.block, s.group, s.batch), value);
    }

    /// Of a phase, the first position that may lie in the output.
    Halide::Expr first_position() { return left / stride; }

    /// Register tiles of a phase.
    Halide::Expr tiles() {
        const Halide::Expr positions = positions_of_phases(output.dim(0).extent(), left, stride);
        return (positions + tile_positions() - 1) / tile_positions();
    }

    /// Blocks of phases that there are for each filter.
    Halide::Expr phase_blocks() { return (stride + phase_block - 1) / phase_block; }

    /// Without dilation, and with as many taps for each phase, which the packed weights tell: they are as
    /// many samples back, so that one sample serves a vector of phases.
    void sum_vectors_of_phases() {
        auto &s = stages;
        s.taps = Halide::RDom(0, weights.dim(1).extent(), 0, channels(), "taps");
        const Halide::Expr block = s.block * phase_blocks() + s.phase / phase_block;
        s.accumulator(s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch) =
            bias(s.filter_in_block, s.block, s.group);
        s.accumulator(s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch) +=
            s.staged(s.position - s.taps.x, s.taps.y, s.group, s.batch) *
            weights(s.phase % phase_block, s.taps.x, s.taps.y, block, s.group);
        activate_sums({s.position, s.phase, s.filter_in_block, s.block, s.group, s.batch});
    }

    /// Writes each place that lies in the output to where it belongs. The loop over a copy's tiles lies
    /// inside of that over phases, so that a phase's weights stay in a cache for all tiles.
    void place_phases() {
        auto &s = stages;
        const int block = row().schedule->tile.filters;
        const int tile = tile_positions();
        const Halide::Expr length = output.dim(0).extent();
        const Halide::Expr copies = (tiles() + s.copied_tiles - 1) / s.copied_tiles;
        Halide::RVar tile_of_copy, copy;
        Halide::Expr in_tile, which; // position in the tile, of which phase
        if (vectors_of_phases()) {
            s.places = Halide::RDom(
                {{0, phase_block}, {0, tile}, {0, 2}, {0, s.copied_tiles}, {0, phase_blocks()}, {0, copies}},
                "places");
            s.pass = s.places.z;
            tile_of_copy = s.places.w;
            copy = s.places[5];
            in_tile = s.places.y;
            which = s.places[4] * phase_block + s.places.x;
            s.places.where(which < stride);
        } else {
            s.places =
                Halide::RDom({{0, tile}, {0, 2}, {0, s.copied_tiles}, {0, stride}, {0, copies}}, "places");
            s.pass = s.places.y;
            tile_of_copy = s.places.z;
            copy = s.places[4];
            in_tile = s.places.x;
            which = s.places.w;
        }
        const Halide::Expr tile_of_signal = copy * s.copied_tiles + tile_of_copy;
        s.places.where(tile_of_signal < tiles());
        const Halide::Expr m = first_position() + tile_of_signal * tile + in_tile;
        const Halide::Expr position = output_position(m, which);
        s.places.where(position >= 0 && position < length);
        const Halide::Expr place = Halide::unsafe_promise_clamped(position, 0, length - 1);

        write(place, {m, which, s.filter % block, s.filter / block, s.group, s.batch}, s.places, s.pass);
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::TransposedConvolution, conv_transpose1d)
