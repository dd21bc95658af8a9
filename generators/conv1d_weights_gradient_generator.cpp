#include "generators/gradient_generator.h"
#include "generators/padding.h"
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
        stages_.dense_groups = gradient.dim(2).stride() == 1;
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
    /// The last vector of groups may run past the last group.
    Halide::Expr group() {
        return vectors_of_groups() ? Halide::likely(min(stages_.group, input.dim(2).extent() - 1))
                                   : Halide::Expr(stages_.group);
    }
    bool vectors_of_groups() const { return row().schedule->weight_order == WeightOrder::group_inner; }

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

    void stage_input() {
        auto &s = stages_;
        const PaddedInput padded(left, input.dim(0).extent(),
                                 (positions() - 1) * stride + (taps() - 1) * dilation + 1, padding_mode);
        s.outside_is_near = padded.near();
        s.outside(s.sample) = padded.outside_sample(s.sample);
        const std::vector<Halide::Expr> at{s.sample, s.channel, s.observation, s.group, s.chunk};
        const Halide::Expr sample = first_position() * stride + s.sample, inside = padded.inside(sample);
        const auto input_at = [&](const Halide::Expr &place) {
            return input(place, s.channel, group(), batch());
        };
        s.staged_input(s.sample, s.channel, s.observation, s.group, s.chunk) = real(padding_value);
        // Domains of one point, for their conditions, by which vectors are masked.
        Halide::RDom signal(0, 1, "signal"), outside(0, 1, "outside");
        signal.where(Halide::likely(inside));
        s.staged_input(at) = input_at(padded.signal_sample(sample + signal.x));
        outside.where(padded.repeats() && !inside);
        s.staged_input(at) = input_at(padded.repeated_sample(sample + outside.x, s.outside));
    }

    void stage_gradient() {
        auto &s = stages_;
        const Halide::Expr position = first_position() + s.position;
        const Halide::Expr filter = s.block * row().tile.filters + s.filter_in_block;
        s.staged_gradient(s.position, s.filter_in_block, s.observation, s.block, s.group, s.chunk) =
            select(Halide::likely(position < positions() && filter < filters() &&
                                  unclamped_batch() < gradient.dim(3).extent()),
                   gradient(Halide::likely(min(position, positions() - 1)),
                            Halide::likely(min(filter, filters() - 1)), group(), batch()),
                   real(0));
    }

    /// The (tap, channel) pair of each sum: how many samples the tap is away, and the channel. And the
    /// positions where some sum of a tile sees the signal, not zeros. Funcs, because these are divisions.
    void place_sums() {
        auto &s = stages_;
        const Halide::Expr pair = min(s.sum, taps() * channels() - 1);
        s.sum_place(s.sum) = Halide::Tuple(select(taps_inner(), pair % taps(), pair / channels()) * dilation,
                                           select(taps_inner(), pair / taps(), pair % channels()));
        const Halide::Expr sums = row().tile.sums, last = taps() - 1;
        const Halide::Expr first_tap = select(taps_inner(), 0, min(s.sums * sums / channels(), last));
        const Halide::Expr last_tap =
            select(taps_inner(), last, min((s.sums * sums + sums - 1) / channels(), last));
        s.seen(s.sums) = Halide::Tuple(
            select(zeros_outside(), ceil_div(left - last_tap * dilation, stride), 0),
            select(zeros_outside(), ceil_div(left + input.dim(0).extent() - first_tap * dilation, stride),
                   positions()));
    }
    Halide::Expr zeros_outside() { return padding_mode == 0 && padding_value == Halide::Expr(0.0); }

    void sum_chunks() {
        auto &s = stages_;
        const auto promised = [](const Halide::Expr &e, const Halide::Expr &most) {
            return Halide::unsafe_promise_clamped(e, 0, most);
        };
        const Halide::FuncRef place = s.sum_place(s.sums * row().tile.sums + s.sum);
        const Halide::Expr away = promised(place[0], (taps() - 1) * dilation);
        const Halide::Expr channel = promised(place[1], channels() - 1);
        const int most = row().tile.positions;
        s.vectors = Halide::RDom(0, Halide::unsafe_promise_clamped(chunk_size(), 1, most) / lanes_, 0,
                                 Halide::unsafe_promise_clamped(observations(), 1, most), "vectors");
        s.vectors.where(s.chunk_place(s.chunk)[1] + s.vectors.y < gradient.dim(3).extent());
        const Halide::Expr first = first_position() + s.vectors.x * lanes_;
        s.vectors.where(first + lanes_ > s.seen(s.sums)[0] && first < s.seen(s.sums)[1]);
        const Halide::Expr position = s.vectors.x * lanes_ + s.lane;
        s.chunk_sum(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) = real(0);
        s.chunk_sum(s.lane, s.filter_in_block, s.sum, s.sums, s.block, s.group, s.chunk) +=
            s.staged_gradient(position, s.filter_in_block, s.vectors.y, s.block, s.group, s.chunk) *
            s.staged_input(position * stride + away, channel, s.vectors.y, s.group, s.chunk);
        add_lanes();
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
        const Halide::Expr n =
            select(taps_inner(), s.tap + taps() * s.channel, s.channel + channels() * s.tap);
        output(s.tap, s.channel, s.filter, s.group) = Halide::undef(element);
        const Halide::Expr before = output(s.tap, s.channel, s.filter, s.group);
        output(s.tap, s.channel, s.filter, s.group) =
            select(accumulate != 0, before, real(0)) +
            s.total(s.filter % filters, n % sums, n / sums, s.filter / filters, s.group);
        s.output = output;
    }

    /// (tap, channel) pairs follow each other by taps where neighbouring taps read neighbouring memory,
    /// unless taps are so far apart that tiles of one tap have many zeros to leave out.
    Halide::Expr taps_inner() {
        if (row().schedule->weight_order != WeightOrder::channel_inner)
            return Halide::Internal::const_true();
        if (order != MemoryOrder::scb)
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
