#include "generators/gradient_generator.h"
#include "generators/padding.h"
#include "schedules/gradient_scratch.h"
#include "schedules/gradient_stages.h"

namespace conv1d {

/// Gradient of a convolution with respect to its weights, every size at run time:
///
///   output(k, c, f) = sum over batch, i of padded(i*stride + k*dilation - left, c) * gradient(i, f)
///
/// for every group; added to what is there if `accumulate`. That of a transposed convolution is the same with
/// its input in the place of `gradient` and the gradient of its output in the place of `input`, padded with
/// zeros. The positions of all observations are cut into chunks of a size that the schedule says, or of
/// several observations where they are short, and the chunks into `slab_count` slabs, so that sums are made
/// in the same order whoever makes them: within a chunk, chunk by chunk, then slab by slab.
class WeightsGradient : public GradientGenerator<WeightsGradient> {
public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "gradients/positions"};

    void generate() {
        lanes_ = choice().lanes();
        stages_.stride = stride;
        stages_.whole_groups = groups() >= lanes_of_block();
        stages_.dense_groups = stages_.whole_groups && gradient.dim(2).stride() == 1;
        this->add_requirement(stride >= 1 && dilation >= 1, "stride and dilation must be positive");
        this->add_requirement(slab_count >= 1, "slab_count must be positive");
        place_chunks();
        stage_input();
        stage_gradient();
        place_sums();
        sum_chunks();
        sum_slabs();
        add_slabs();
        write();
    }

    void schedule() {
        constrain(input);
        constrain(gradient);
        for (int i = 0; i < 4; i++)
            output.dim(i).set_min(0);
        if (vectors_of_groups())
            input.dim(2).set_stride(1); // the channel of each group is its only one
        row().apply(stages_, choice());
    }

private:
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

    PaddedInput padded() {
        return {left, input.dim(0).extent(), (positions() - 1) * stride + (taps() - 1) * dilation + 1,
                padding_mode};
    }

    void stage_input() {
        auto &s = stages_;
        const PaddedInput padded = this->padded();
        s.outside_is_near = padded.near();
        s.outside(s.sample) = padded.outside_sample(s.sample);
        if (in_place())
            return;
        const std::vector<Halide::Var> at{s.sample, s.channel, s.observation, s.group, s.chunk};
        const std::vector<Halide::Expr> there(at.begin(), at.end());
        const Halide::Expr sample = first_position() * stride + s.sample, inside = padded.inside(sample);
        const auto input_at = [&](const Halide::Expr &place) {
            return input(place, s.channel, group(), batch());
        };
        s.staged_input(at) = real(padding_value);
        // Domains of one point, for their conditions, by which vectors are masked.
        Halide::RDom signal(0, 1, "signal"), outside(0, 1, "outside");
        signal.where(Halide::likely(inside));
        s.staged_input(there) = input_at(padded.signal_sample(sample + signal.x));
        outside.where(padded.repeats() && !inside);
        s.staged_input(there) = input_at(padded.repeated_sample(sample + outside.x, s.outside));
    }

    void stage_gradient() {
        auto &s = stages_;
        if (vectors_of_groups())
            return; // read as it lies, too
        const Halide::Expr position = first_position() + s.position, filter = this->filter();
        const Halide::Expr known =
            position < positions() && filter < filters() && unclamped_batch() < gradient.dim(3).extent();
        const std::vector<Halide::Var> at{s.position, s.filter_in_block, s.observation,
                                          s.block,    s.group,           s.chunk};
        if (row().schedule->weight_order == WeightOrder::tap_inner || order.value() == MemoryOrder::scb) {
            s.staged_gradient(at) =
                select(Halide::likely(known),
                       gradient(Halide::likely(min(position, positions() - 1)),
                                Halide::likely(min(filter, filters() - 1)), group(), batch()),
                       real(0));
            return;
        }
        // Vectors of filters are masked.
        Halide::RDom once(0, 1, "once");
        once.where(Halide::likely(known));
        s.staged_gradient(at) = real(0);
        s.staged_gradient(std::vector<Halide::Expr>(at.begin(), at.end())) = gradient(
            promised(position + once.x, positions() - 1), promised(filter, filters() - 1), group(), batch());
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
        const auto reaches = [&](const Halide::Expr &tap, const Halide::Expr &sample) {
            return ceil_div(left + sample - tap * dilation, stride);
        };
        const Halide::Expr first = select(zeros_outside(), max(reaches(last_tap, 0), 0), 0);
        const Halide::Expr seen_to = select(
            zeros_outside(), clamp(reaches(first_tap, end), first, max(positions(), first)), positions());
        const Halide::Expr all_from = clamp(reaches(first_tap, 0), first, seen_to);
        s.seen(s.sums) = Halide::Tuple(
            first, all_from,
            clamp(reaches(vectors_of_groups() ? last_tap : after_last, end), all_from, seen_to), seen_to);
    }
    int tile_sums() const { return row().tile.sums; }
    /// Channels are read as they lie.
    bool in_place() const {
        return order.value() == MemoryOrder::cbt && row().schedule->weight_order != WeightOrder::tap_inner;
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
        return select(alone(), ceil_div(channels(), tile_sums()) * tile_sums(), channels());
    }
    Halide::Expr zeros_outside() { return padding_mode == 0 && padding_value == Halide::Expr(0.0); }

    void sum_chunks() {
        auto &s = stages_;
        s.chunk_sum(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) = real(0);
        if (in_place())
            sum_in_place();
        else
            sum_copies();
        add_lanes();
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
    /// y = observation of a chunk, x up to `count`.
    Halide::RDom places_of_a_chunk(const char *name, const Halide::Expr &count) {
        auto &s = stages_;
        const int most = row().tile.positions;
        Halide::RDom places(0, Halide::unsafe_promise_clamped(count, 1, most), 0,
                            Halide::unsafe_promise_clamped(observations(), 1, most), name);
        places.where(s.chunk_place(s.chunk)[1] + places.y < gradient.dim(3).extent());
        return places;
    }

    void sum_copies() {
        auto &s = stages_;
        s.vectors = places_of_a_chunk("vectors", chunk_size() / lanes_);
        const Halide::Expr begin = first_position() + s.vectors.x * lanes_;
        s.vectors.where(begin + lanes_ > s.seen(s.sums)[0] && begin < s.seen(s.sums)[3]);
        const Halide::Expr position = s.vectors.x * lanes_ + s.lane;
        add(s.vectors, position,
            s.staged_input(position * stride + away(s.sum), channel(s.sum), s.vectors.y, s.group, s.chunk));
    }

    /// Positions of which all taps of a tile's sums see the signal, then the others.
    void sum_in_place() {
        place_spans();
        sum_inside();
        copy_edges();
        auto &s = stages_;
        s.edges = edges_of_a_chunk("edges");
        add(s.edges, position_of(s.edges), s.edge_input(edge_at(s.edges.x, s.edges.y)));
    }

    /// The positions of a chunk that `seen` tells apart, as `Span` says.
    void place_spans() {
        auto &s = stages_;
        const auto in_chunk = [&](int i) {
            return clamp(s.seen(s.sums)[i] - first_position(), 0, chunk_size());
        };
        const Halide::Expr before = in_chunk(1) - in_chunk(0), after = in_chunk(3) - in_chunk(2);
        s.span(s.sums, s.chunk) =
            Halide::Tuple(in_chunk(0), before, in_chunk(1), in_chunk(2), before + after);
    }
    enum Span { seen_from, edges_before, inside_from, inside_to, edge_count };
    Halide::Expr span(Span which) { return stages_.span(stages_.sums, stages_.chunk)[which]; }

    /// All sums of a tile read neighbours in memory, from the sample of the first one on.
    void sum_inside() {
        auto &s = stages_;
        if (!vectors_of_groups())
            s.neighbours = {joined(), whole_tiles()};
        const auto if_neighbours = [&](const Halide::Expr &then, Halide::Expr otherwise) {
            for (const Halide::Expr &condition : s.neighbours)
                otherwise = select(condition, then, otherwise);
            return otherwise;
        };
        s.vectors = places_of_a_chunk("vectors", chunk_size());
        s.vectors.where(s.vectors.x >= span(inside_from) && s.vectors.x < span(inside_to));
        const Halide::Expr away_of_sum = if_neighbours(away(0), away(s.sum));
        const Halide::Expr sample = (first_position() + s.vectors.x) * stride + away_of_sum - left;
        add(s.vectors, s.vectors.x,
            input(promised(sample, input.dim(0).extent() - 1),
                  if_neighbours(promised(channel(0) + s.sum, channels() - 1), channel(s.sum)), group(),
                  observation(s.vectors)));
    }
    Halide::Expr observation(const Halide::RDom &places) {
        return promised(stages_.chunk_place(stages_.chunk)[1] + places.y, gradient.dim(3).extent() - 1);
    }

    void copy_edges() {
        auto &s = stages_;
        const Halide::RDom &edges = s.copied_edges = edges_of_a_chunk("copied_edges");
        const auto input_at = [&](const Halide::Expr &sample) {
            return input(sample, channel(s.sum), group(), observation(edges));
        };
        const std::vector<Halide::Expr> at = edge_at(edges.x, edges.y);
        s.edge_input(edge_variables()) = Halide::undef(element);
        s.edge_input(at) = padded().value((first_position() + position_of(edges)) * stride + away(s.sum),
                                          s.outside, real(padding_value), input_at);
    }
    /// The samples are those of all filters of a block, or of each group of a vector of groups.
    std::vector<Halide::Var> edge_variables() {
        auto &s = stages_;
        std::vector<Halide::Var> all{s.sum, s.position, s.observation, s.sums, s.group, s.chunk};
        if (vectors_of_groups())
            all.insert(all.begin(), s.filter_in_block);
        return all;
    }
    std::vector<Halide::Expr> edge_at(const Halide::Expr &place, const Halide::Expr &observation) {
        std::vector<Halide::Expr> at;
        for (const Halide::Var &v : edge_variables()) {
            at.push_back(v.same_as(stages_.position)      ? place
                         : v.same_as(stages_.observation) ? observation
                                                          : Halide::Expr(v));
        }
        return at;
    }
    /// x = of the positions of a chunk that see an end and more than zeros, those before the inside first.
    Halide::RDom edges_of_a_chunk(const char *name) {
        Halide::RDom edges = places_of_a_chunk(name, chunk_size());
        edges.where(edges.x < span(edge_count));
        return edges;
    }
    Halide::Expr position_of(const Halide::RDom &edges) {
        const Halide::Expr skipped =
            select(edges.x < span(edges_before), span(seen_from), span(inside_to) - span(edges_before));
        return promised(edges.x + skipped, chunk_size() - 1);
    }

    /// \param position  of a chunk, that of the y-th observation
    void add(const Halide::RDom &places, const Halide::Expr &position, const Halide::Expr &sample) {
        auto &s = stages_;
        const Halide::Expr factor =
            s.staged_gradient.defined()
                ? s.staged_gradient(position, s.filter_in_block, places.y, s.block, s.group, s.chunk)
                : gradient(promised(first_position() + position, positions() - 1),
                           promised(filter(), filters() - 1), group(), observation(places));
        s.chunk_sum(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) += factor * sample;
    }

    /// Halves the lanes of a chunk's sums until one is left.
    void add_lanes() {
        auto &s = stages_;
        chunk_total_ = s.chunk_sum;
        for (int half = lanes_ / 2; half >= 1; half /= 2) {
            Halide::Func halved;
            const auto lane = [&](const Halide::Expr &n) {
                return chunk_total_(n, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk);
            };
            halved(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) =
                lane(s.lane) + lane(s.lane + half);
            s.halved_sums.push_back(halved);
            chunk_total_ = halved;
        }
    }

    void sum_slabs() {
        auto &s = stages_;
        const Halide::Expr chunks_of_a_slab = ceil_div(chunk_count(), slab_count);
        s.chunks = Halide::RDom(0, chunks_of_a_slab, "chunks");
        const Halide::Expr chunk = s.slab * chunks_of_a_slab + s.chunks.x;
        s.chunks.where(chunk < chunk_count());
        s.slab_sum(s.filter_in_block, s.sum, s.sums, s.block, s.group, s.slab) = real(0);
        s.slab_sum(s.filter_in_block, s.sum, s.sums, s.block, s.group, s.slab) +=
            chunk_total_(0, s.filter_in_block, s.sum, s.sums, s.block, s.group,
                         Halide::unsafe_promise_clamped(chunk, 0, chunk_count() - 1));
    }

    void add_slabs() {
        auto &s = stages_;
        s.slabs = Halide::RDom(0, slab_count, "slabs");
        s.total(s.filter_in_block, s.sum, s.sums, s.block, s.group) = real(0);
        s.total(s.filter_in_block, s.sum, s.sums, s.block, s.group) +=
            s.slab_sum(s.filter_in_block, s.sum, s.sums, s.block, s.group, s.slabs.x);
    }

    void write() {
        auto &s = stages_;
        const int filters = row().tile.filters, sums = row().tile.sums;
        const Halide::Expr tile = s.channel / sums * sums, group_tile = s.group / lanes_of_block();
        const Halide::Expr of_tap =
            promised(select(alone(), s.channel + tile - min(tile, channels() - sums), s.channel),
                     channels_of_a_tap() - 1);
        const Halide::Expr n =
            select(taps_inner(), s.tap + taps() * s.channel, of_tap + channels_of_a_tap() * s.tap);
        output(s.tap, s.channel, s.filter, s.group) = Halide::undef(element);
        const Halide::Expr before = output(s.tap, s.channel, s.filter, s.group);
        output(s.tap, s.channel, s.filter, s.group) =
            select(accumulate != 0, before, real(0)) +
            (vectors_of_groups()
                 ? s.total(promised(s.group - first_group(group_tile), lanes_of_block() - 1), n % sums,
                           n / sums, s.filter, group_tile)
                 : s.total(s.filter % filters, n % sums, n / sums, s.filter / filters, s.group));
        s.output = output;
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
    Halide::Func chunk_total_; ///< chunk_sum of all lanes, in lane 0
    int lanes_ = 1;
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::WeightsGradient, conv1d_weights_gradient)
