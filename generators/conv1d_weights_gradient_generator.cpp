#include "generators/padding.h"
#include "generators/weights_gradient_places.h"

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
class WeightsGradient : public WeightsGradientPlaces {
public:
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

    void sum_chunks() {
        auto &s = stages_;
        s.chunk_sum(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) = real(0);
        if (in_place())
            sum_in_place();
        else
            sum_copies();
        add_lanes();
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
        const int filters = row().tile.filters, sums = tile_sums();
        const Halide::Expr group_tile = s.group / lanes_of_block(), n = sum_of(s.tap, s.channel);
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

    Halide::Func chunk_total_; ///< chunk_sum of all lanes, in lane 0
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::WeightsGradient, conv1d_weights_gradient)
