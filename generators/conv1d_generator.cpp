#include "generators/kernel_generator.h"
#include "generators/padding.h"
#include "schedules/paired_taps.h"
#include "schedules/rows.h"
#include "schedules/scratch.h"

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
        const int block = row().schedule->tile.filters;
        std::vector<Halide::Var> sums{s.position, s.filter_in_block, s.block, s.group, s.batch};
        std::vector<Halide::Expr> written{s.position, s.filter % block, s.filter / block, s.group, s.batch};
        if (copies_nothing()) {
            sums.push_back(s.tile);
            written[0] = s.position % tile_positions();
            written.push_back(s.position / tile_positions());
            sum_uncopied(sums);
        } else {
            sum_copied(sums);
        }
        activate_sums(sums);
        Halide::RDom passes(0, 2, "passes");
        write(s.position, written, passes, passes.x);
    }

private:
    bool copies_nothing() const { return row().schedule->input_copy == InputCopy::none; }

    void sum_copied(const std::vector<Halide::Var> &sums) {
        auto &s = stages;
        s.taps = terms("taps");
        leave_out_taps_of_zeros();
        stage_padded_input();
        s.accumulator(sums) = asking_for_input(first_sum(taps() * channels(), s.position, sums));
        if (pairs_taps())
            sum_pairs();
        s.accumulator(sums) +=
            (row().schedule->input_copy == InputCopy::rows ? copied_in_rows() : copied(term_of(s.taps))) *
            weight_of(s.taps);
        if (copies_edges_only())
            sum_in_place();
    }

    /// The value; a register tile asks for input before it is computed.
    Halide::Expr asking_for_input(const Halide::Expr &value) {
        auto &s = stages;
        if (!choice().fetches_input())
            return value;
        const Halide::Expr tiles = (output.dim(0).extent() + tile_positions() - 1) / tile_positions();
        fetch_input(s, choice(), input,
                    {tiles, tile_positions() * stride, (taps() - 1) * dilation - left - (stride - 1), s.block,
                     weights.dim(3).extent()},
                    {s.tile, s.block, s.group, s.batch});
        return after(s.fetched_input(tile_of_position(), s.block, s.group, s.batch), value);
    }

    /// InputCopy::none, one channel for each group. A register tile inside of the signal sums all taps, of
    /// others each position those that see the signal, then those that see what stands around it.
    void sum_uncopied(const std::vector<Halide::Var> &sums) {
        auto &s = stages;
        this->add_requirement(!has_input_activation(), "this schedule activates no input");
        const PaddedInput padded = find_outside();
        s.at_edge(s.tile) = Halide::cast<int>(sees_outside());
        const Halide::Expr edge = s.at_edge(s.tile);
        const Halide::Expr first = (s.tile * tile_positions() + s.position) * stride; // padded sample
        const auto tap_at = [&](const Halide::Expr &sample) { // the first one there or after it
            return either(edge != 0, clamp((sample - first + dilation - 1) / dilation, 0, taps()), 0);
        };
        s.inside_taps(s.position, s.tile) = Halide::Tuple(tap_at(left), tap_at(left + input.dim(0).extent()));
        const Halide::FuncRef inside = s.inside_taps(s.position, s.tile);

        const auto add = [&](const Halide::RVar &tap, const Halide::Expr &sample) {
            s.accumulator(sums) += sample * weights(s.filter_in_block, tap, 0, s.block, s.group);
        };
        const auto in_signal = [&](const Halide::RVar &tap) {
            const Halide::Expr place = first + away(tap) - left;
            return input_at(Halide::unsafe_promise_clamped(place, 0, input.dim(0).extent() - 1), 0);
        };
        // Conditions are bounds of loops: those of y of loops around all positions.
        const auto taps_if = [&](const Halide::Expr &number, const char *name) {
            Halide::RDom domain(0, taps(), 0, 2, name);
            domain.where(domain.y < number);
            return domain;
        };
        s.accumulator(sums) = bias(s.filter_in_block, s.block, s.group);
        s.taps = taps_if(1 - edge, "taps");
        add(s.taps.x, in_signal(s.taps.x));
        s.taps_inside = taps_if(edge, "taps_inside");
        s.taps_inside.where(s.taps_inside.x >= inside[0] && s.taps_inside.x < inside[1]);
        add(s.taps_inside.x, in_signal(s.taps_inside.x));
        s.taps_outside = taps_if(either(zeros_outside(), 0, edge), "taps_outside");
        const Halide::RVar tap = s.taps_outside.x;
        s.taps_outside.where(tap < inside[0] || tap >= inside[1]);
        add(tap, either(padded.repeats(), input_at(padded.repeated_sample(first + away(tap), s.outside), 0),
                        real(padding_value)));
    }

    /// Few channels of adjacent taps lie one after the other in a copy with channels innermost, and in the
    /// weights: one long loop over both instead of a short one for each tap. The input that is read in place
    /// has to have no other channels.
    Halide::Expr joined() {
        if (row().schedule->weight_order != WeightOrder::channel_inner || order.value() == MemoryOrder::scb)
            return Halide::Internal::const_false();
        const Halide::Expr joins = dilation == 1 && channels() < schedules::channels_to_pad;
        if (!copies_edges_only())
            return joins;
        return order.value() == MemoryOrder::cbt ? joins && input.dim(0).stride() == channels()
                                                 : Halide::Internal::const_false();
    }

    /// All terms of a sum: x = tap, y = channel; if taps are joined, y goes on over the channels of the next.
    Halide::RDom terms(const std::string &name) {
        return Halide::RDom(0, taps(), 0, select(joined(), taps() * channels(), channels()), name);
    }

    /// What a term of the sums multiplies.
    struct Term {
        Halide::Expr tap, channel;
        Halide::Expr away; ///< samples from the first tap's on
    };

    Halide::Expr away(const Halide::Expr &tap) {
        return Halide::unsafe_promise_clamped(tap * dilation, 0, (taps() - 1) * dilation);
    }

    /// If taps are joined, the channel beyond the last is the next tap's.
    Term term_of(const Halide::RDom &domain) {
        const Halide::RVar tap = domain.x, term = domain.y;
        const Halide::Expr channel = Halide::unsafe_promise_clamped(term, 0, channels() - 1);
        if (!is_specialised() || order.value() == MemoryOrder::scb)
            return {tap, channel, away(tap)};
        // The constants would say that joined terms see the samples of one tap only.
        return {tap, select(joined(), term % channels(), channel),
                select(joined(), term / channels(), away(tap))};
    }

    /// The weights know the joined terms as channels of the first tap.
    Halide::Expr weight_of(const Halide::RDom &domain) {
        return weight_of(domain.x, Halide::unsafe_promise_clamped(domain.y, 0, channels() - 1));
    }

    Halide::Expr weight_of(const Halide::Expr &tap, const Halide::Expr &channel) {
        auto &s = stages;
        if (!vectors_of_groups() || copies_edges_only())
            return weights(s.filter_in_block, tap, channel, s.block, s.group);
        if (!s.near_weights.defined())
            s.near_weights(s.group, s.tap, s.filter_in_block, s.block) =
                weights(s.filter_in_block, s.tap, 0, s.block, s.group);
        return s.near_weights(s.group, tap, s.filter_in_block, s.block);
    }

    /// What a term sees for a position, in the copy.
    Halide::Expr copied(const Term &term) {
        auto &s = stages;
        if (copies_taps())
            return s.staged(s.position, term.channel, s.group, s.batch, term.tap);
        std::vector<Halide::Expr> at{s.position * stride + term.away, term.channel, s.group, s.batch};
        if (copies_edges_only())
            at.push_back(tile_of_position());
        return s.staged(at);
    }

    Halide::Expr tile_of_position() { return stages.position / tile_positions(); }

    bool pairs_taps() const { return choice().pairs_taps(); }

    /// The sums over pairs of taps: blocks of `apart` pairs, each of a tap and the one that is `apart` after
    /// it. Of one channel.
    void sum_pairs() {
        auto &s = stages;
        const Halide::Expr apart = taps_apart(), first = seen_taps(0);
        s.pairs = Halide::RDom(0, 2, 0, apart, 0, taps() / (2 * apart) + 1, "pairs");
        s.pairs.where(first + (s.pairs.z * 2 + 1) * apart + s.pairs.y < seen_taps(1));
        const Halide::Expr tap = Halide::unsafe_promise_clamped(
            first + (s.pairs.z * 2 + s.pairs.x) * apart + s.pairs.y, 0, taps() - 1);
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) +=
            copied({tap, 0, away(tap)}) * weight_of(tap, 0);
    }

    /// From one tap of a pair to the other.
    Halide::Expr taps_apart() {
        const int samples = row().schedule->pair_samples;
        return vectors_of_groups() ? 1 : select(dilation == 2, samples / 2, samples);
    }

    /// The same in rows.
    Halide::Expr copied_in_rows() {
        auto &s = stages;
        const Halide::Expr away = s.tap * dilation;
        s.tap_row(s.tap) = Halide::Tuple(away / stride, s.tap % stride, away % stride);
        const auto of_tap = [&](const Halide::Expr &tap, int index, const Halide::Expr &most) {
            return Halide::unsafe_promise_clamped(s.tap_row(tap)[index], 0, most);
        };
        s.rows(s.place, s.row, s.channel, s.group, s.batch) =
            s.staged(s.place * stride + of_tap(s.row, 2, stride - 1), s.channel, s.group, s.batch);
        const Halide::Expr reach = schedules::rows_reach(taps(), stride, dilation);
        s.row_places = s.copied_tiles * tile_positions() + reach;
        return s.rows(s.position + of_tap(s.taps.x, 0, reach),
                      of_tap(s.taps.x, 1, schedules::row_count(taps(), stride) - 1), s.taps.y, s.group,
                      s.batch);
    }

    Halide::Expr zeros_outside() {
        return padding_mode == static_cast<int>(PaddingMode::constant) && padding_value == Halide::Expr(0.0);
    }

    /// A register tile of positions has only the taps that see the signal for one of them, if there are zeros
    /// around it.
    void leave_out_taps_of_zeros() {
        auto &s = stages;
        const Halide::Expr zeros = sees_outside() && zeros_outside();
        const auto tap_at = [&](const Halide::Expr &sample) {
            return (sample + dilation - 1) / dilation; // the first one there or after it
        };
        const Halide::Expr length = input.dim(0).extent();
        const Halide::Expr first = either(zeros, tap_at(-last_position_sample()), 0);
        const Halide::Expr end = either(zeros, tap_at(length - first_sample()), taps());
        if (pairs_taps()) {
            s.seen_taps(s.tile) = with_unpaired(max(first, 0), min(end, taps()));
            s.taps.where(s.taps.x >= seen_taps(2) && s.taps.x < seen_taps(3));
            return;
        }
        s.seen_taps(s.tile) = Halide::Tuple(first, end);
        if (!copies_edges_only())
            return see_only_seen_taps(s.taps, Halide::Internal::const_true());
        find_edges();
        see_only_seen_taps(s.taps, s.at_edge(tile_of_position()) != 0);
    }

    /// \param when  otherwise none; bounds of a loop, not conditions in it
    void see_only_seen_taps(Halide::RDom &domain, const Halide::Expr &when) {
        domain.where(domain.x >= select(joined(), 0, seen_taps(0)) &&
                     domain.x < select(when, select(joined(), 1, seen_taps(1)), 0));
        domain.where(domain.y >= select(joined(), seen_taps(0) * channels(), 0) &&
                     domain.y < select(joined(), seen_taps(1) * channels(), channels()));
    }

    /// Of a position's register tile, of the taps that it sees: 0 the first, 1 the end; of those without
    /// another in their pair 2 the first, 3 the end.
    Halide::Expr seen_taps(int index) { return stages.seen_taps(tile_of_position())[index]; }

    /// All four: taps of the last block that have no other in their pair are neighbours.
    Halide::Tuple with_unpaired(const Halide::Expr &first, const Halide::Expr &end) {
        const Halide::Expr apart = taps_apart(), rest = max(end - first, 0) % (2 * apart);
        const Halide::Expr block = end - rest;
        return {first, end, block + max(rest - apart, 0), block + min(rest, apart)};
    }

    // Samples of the signal that a register tile sees: of its first and its last position by the first tap,
    // of its last by the last.
    Halide::Expr first_sample() { return stages.tile * tile_positions() * stride - left; }
    Halide::Expr last_position_sample() { return first_sample() + (tile_positions() - 1) * stride; }
    Halide::Expr last_sample() { return last_position_sample() + (taps() - 1) * dilation; }
    Halide::Expr sees_outside() { return first_sample() < 0 || last_sample() >= input.dim(0).extent(); }

    /// A register tile whose every sample lies in the signal, and is not activated first, needs no copy, if
    /// vectors of groups are vectors in memory. Taps that are left out do not count.
    void find_edges() {
        auto &s = stages;
        const Halide::Expr first_tap = s.seen_taps(s.tile)[0], last_tap = s.seen_taps(s.tile)[1] - 1;
        const Halide::Expr gathers = vectors_of_groups() && order.value() != MemoryOrder::cbt
                                         ? input.dim(2).stride() != 1
                                         : Halide::Internal::const_false();
        s.at_edge(s.tile) = Halide::cast<int>(
            gathers || first_sample() + first_tap * dilation < 0 ||
            last_position_sample() + last_tap * dilation >= input.dim(0).extent() || has_input_activation());
    }

    /// The sums of tiles that need no copy.
    void sum_in_place() {
        auto &s = stages;
        s.taps_in_place = terms("taps_in_place");
        see_only_seen_taps(s.taps_in_place, s.at_edge(tile_of_position()) == 0);
        const Term term = term_of(s.taps_in_place);
        const Halide::Expr place = Halide::unsafe_promise_clamped(s.position * stride + term.away - left, 0,
                                                                  input.dim(0).extent() - 1);
        s.accumulator(s.position, s.filter_in_block, s.block, s.group, s.batch) +=
            input_at(place, term.channel) * weight_of(s.taps_in_place);
    }

    /// What stands outside of the signal.
    PaddedInput find_outside() {
        auto &s = stages;
        const Halide::Expr seen = (output.dim(0).extent() - 1) * stride + (taps() - 1) * dilation + 1;
        const PaddedInput padded(left, input.dim(0).extent(), seen, padding_mode);
        s.outside_is_near = padded.near();
        s.repeats = padded.repeats();
        s.few_outside = seen - input.dim(0).extent() < schedules::few_samples_outside;
        s.outside(s.sample) = padded.outside_sample(s.sample);
        return padded;
    }

    void stage_padded_input() {
        const PaddedInput padded = find_outside();
        stage({left, left + input.dim(0).extent(),
               select(padded.repeats(), input_sample(padded.repeated_sample(copied_sample(), stages.outside)),
                      real(padding_value)),
               padded.inside(copied_sample()) || padded.repeats()});
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::Convolution, conv1d)
