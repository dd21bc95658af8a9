#pragma once

#include "generators/gradient_generator.h"
#include "schedules/gradient_scratch.h"
#include "schedules/gradient_stages.h"

namespace conv1d {

class WeightsGradient;

/// How a weights' gradient is cut: positions and observations into chunks, filters or groups into blocks, and
/// the (tap, channel) pairs, each of which is a sum, into tiles.
class WeightsGradientPlaces : public GradientGenerator<WeightsGradient> {
public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "gradients/positions"};

protected:
    const schedules::AppliedGradientSchedule &row() const {
        return schedules::find_gradient_schedule(schedule_name.value());
    }
    schedules::GradientChoice choice() const {
        return {*row().schedule, row().tile, order.value(), this->get_target(), element.value()};
    }

    Halide::Expr positions() { return gradient.dim(0).extent(); }
    Halide::Expr taps() { return output.dim(0).extent(); }
    Halide::Expr channels() { return output.dim(1).extent(); }
    Halide::Expr filters() { return output.dim(2).extent(); }
    Halide::Expr groups() { return output.dim(3).extent(); }
    bool vectors_of_groups() const { return row().schedule->weight_order == WeightOrder::group_inner; }
    /// Vectors of groups take the place of a block's filters, and each filter of a group is a block. The last
    /// tile has groups of the one before, too; one that there are too few groups for has the last one again.
    Halide::Expr first_group(const Halide::Expr &tile) {
        return select(stages_.whole_groups, min(tile * lanes_of_block(), groups() - lanes_of_block()),
                      tile * lanes_of_block());
    }
    int lanes_of_block() const { return choice().block_lanes(); }
    Halide::Expr group() {
        auto &s = stages_;
        if (!vectors_of_groups())
            return s.group;
        const Halide::Expr group = first_group(s.group) + s.filter_in_block;
        return select(s.whole_groups, group, min(group, groups() - 1));
    }
    Halide::Expr filter() {
        auto &s = stages_;
        return vectors_of_groups() ? Halide::Expr(s.block) : s.block * row().tile.filters + s.filter_in_block;
    }

    static Halide::Expr ceil_div(const Halide::Expr &a, const Halide::Expr &b) { return (a + b - 1) / b; }
    /// Positions of a chunk: as even as they can be, at most those of the tile, and whole vectors.
    Halide::Expr chunk_size() {
        const Halide::Expr even = ceil_div(positions(), ceil_div(positions(), row().tile.positions));
        return ceil_div(even, lanes_) * lanes_;
    }
    Halide::Expr chunks_of_a_signal() { return ceil_div(positions(), chunk_size()); }
    /// Observations of a chunk.
    Halide::Expr observations() {
        return max(min(row().tile.positions / chunk_size(), gradient.dim(3).extent()), 1);
    }
    Halide::Expr chunk_count() {
        return chunks_of_a_signal() * ceil_div(gradient.dim(3).extent(), observations());
    }
    /// Where a chunk begins, and its first observation. A Func, because the bounds of loops are not to be
    /// solved through a remainder.
    void place_chunks() {
        auto &s = stages_;
        s.chunk_place(s.chunk) = Halide::Tuple((s.chunk % chunks_of_a_signal()) * chunk_size(),
                                               s.chunk / chunks_of_a_signal() * observations());
    }
    Halide::Expr first_position() {
        return Halide::unsafe_promise_clamped(stages_.chunk_place(stages_.chunk)[0], 0, positions() - 1);
    }
    /// Copies are made for observations after the last too, where chunks or slabs are longer.
    Halide::Expr unclamped_batch() { return stages_.chunk_place(stages_.chunk)[1] + stages_.observation; }
    Halide::Expr batch() { return clamp(unclamped_batch(), 0, gradient.dim(3).extent() - 1); }

    /// y = observation of a chunk, x up to `count`.
    Halide::RDom places_of_a_chunk(const char *name, const Halide::Expr &count) {
        auto &s = stages_;
        const int most = row().tile.positions;
        Halide::RDom places(0, Halide::unsafe_promise_clamped(count, 1, most), 0,
                            Halide::unsafe_promise_clamped(observations(), 1, most), name);
        places.where(s.chunk_place(s.chunk)[1] + places.y < gradient.dim(3).extent());
        return places;
    }

    /// The (tap, channel) pair of each sum: how many samples the tap is away, and the channel. And the
    /// positions where some sum of a tile sees the signal, not zeros. Funcs, because these are divisions.
    void place_sums() {
        auto &s = stages_;
        const Halide::Expr last = taps() - 1, each = channels_of_a_tap();
        const Halide::Expr pair = min(s.sum, taps() * each - 1), of_tap = pair % each;
        const Halide::Expr whole_tile = min(of_tap / tile_sums() * tile_sums(), channels() - tile_sums());
        s.sum_place(s.sum) = Halide::Tuple(
            select(taps_inner(), pair % taps(), pair / each) * dilation,
            select(taps_inner(), pair / taps(), alone(), whole_tile + of_tap % tile_sums(), of_tap));
        const Halide::Expr first_sum = s.sums * tile_sums(), end = input.dim(0).extent();
        const Halide::Expr first_tap = select(taps_inner(), 0, min(first_sum / each, last));
        const Halide::Expr after_last = (first_sum + tile_sums() - 1) / each; // there may be no such tap
        const Halide::Expr last_tap = select(taps_inner(), last, min(after_last, last));
        // Neighbours in memory are read for it, too.
        const Halide::Expr last_read =
            vectors_of_groups() ? last_tap : select(joined(), after_last, last_tap);
        const auto reaches = [&](const Halide::Expr &tap, const Halide::Expr &sample) {
            return ceil_div(left + sample - tap * dilation, stride);
        };
        const Halide::Expr first = select(zeros_outside(), max(reaches(last_tap, 0), 0), 0);
        const Halide::Expr seen_to = select(
            zeros_outside(), clamp(reaches(first_tap, end), first, max(positions(), first)), positions());
        const Halide::Expr all_from = clamp(reaches(first_tap, 0), first, seen_to);
        s.seen(s.sums) =
            Halide::Tuple(first, all_from, clamp(reaches(last_read, end), all_from, seen_to), seen_to);
    }
    int tile_sums() const { return row().tile.sums; }
    bool in_place() const {
        return schedules::gradient_in_place(order.value(), row().schedule->weight_order);
    }
    /// The channels of neighbouring taps follow each other in memory.
    Halide::Expr joined() { return dilation == 1 && input.dim(0).stride() == channels(); }
    /// Tiles of the channels of one tap alone are not many more than of those of all taps together.
    Halide::Expr whole_tiles() { return schedules::channels_fill_tiles(channels(), tile_sums()); }
    /// Each tile has channels of one tap; the last one of a tap has channels of the one before, too.
    Halide::Expr alone() {
        return in_place() && !vectors_of_groups() ? !joined() && whole_tiles()
                                                  : Halide::Internal::const_false();
    }
    Halide::Expr channels_of_a_tap() {
        return select(alone(), schedules::channels_in_tiles(channels(), tile_sums()), channels());
    }
    Halide::Expr zeros_outside() { return padding_mode == 0 && padding_value == Halide::Expr(0.0); }

    /// Which sum is that of a tap and a channel.
    Halide::Expr sum_of(const Halide::Expr &tap, const Halide::Expr &channel) {
        const Halide::Expr tile = channel / tile_sums() * tile_sums();
        const Halide::Expr of_tap =
            promised(select(alone(), channel + tile - min(tile, channels() - tile_sums()), channel),
                     channels_of_a_tap() - 1);
        return select(taps_inner(), tap + taps() * channel, of_tap + channels_of_a_tap() * tap);
    }
    /// Padded samples that the tap of a pair is away from the first one, and the channel of the pair.
    Halide::Expr away(const Halide::Expr &sum) {
        return promised(stages_.sum_place(stages_.sums * tile_sums() + sum)[0], (taps() - 1) * dilation);
    }
    Halide::Expr channel(const Halide::Expr &sum) {
        return promised(stages_.sum_place(stages_.sums * tile_sums() + sum)[1], channels() - 1);
    }
    static Halide::Expr promised(const Halide::Expr &e, const Halide::Expr &most) {
        return Halide::unsafe_promise_clamped(e, 0, most);
    }

    /// (tap, channel) pairs follow each other by taps where neighbouring taps read neighbouring memory,
    /// unless taps are so far apart that tiles of one tap have many zeros to leave out.
    Halide::Expr taps_inner() {
        if (row().schedule->weight_order == WeightOrder::tap_inner)
            return Halide::Internal::const_true();
        if (order != MemoryOrder::scb || vectors_of_groups())
            return Halide::Internal::const_false();
        return !zeros_outside() || (taps() - 1) * dilation * 8 < (positions() - 1) * stride ||
               channels() < row().tile.sums;
    }

    schedules::GradientStages stages_;
    int lanes_ = 1;
};

} // namespace conv1d
