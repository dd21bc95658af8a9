#include "generators/kernel_generator.h"
#include "generators/padding.h"
#include "schedules/minimal_filter.h"

namespace conv1d {

/// Forward convolution of stride 1 by minimal filtering (schedules/minimal_filter.h), every other size at run
/// time. With m = MinimalFilter::outputs, p the first position of a place and the taps in parts of m,
///
///   combined(place, point, c) = sum over j of input(point, j) * padded(p + j*dilation - left, c)
///   products(place, point, f) = sum over part, c of combined(place + part*dilation, point, c)
///                                                 * weights(f, point and part, c)
///   z(p + i*dilation, f)      = bias(f) + sum over point of output(i, point) * products(place, point, f)
///   output(i, f)              = activation(z(i, f)) + residual(i, f)
///
/// for every group and batch, padded being as in Convolution; the weights come combined as well.
class MinimalConvolution : public KernelGenerator<MinimalConvolution> {
public:
    static constexpr Operation operation = Operation::convolution;

    void generate() {
        take_arguments();
        this->add_requirement(stride == 1, "this schedule computes stride 1 only");
        this->add_requirement(dilation <= schedules::most_minimal_dilation, "dilation is too large");
        this->add_requirement(ceil_div(tap_step, Filter::taps) == parts(),
                              "weights are of another number of taps");
        divide_tiles();
        stage_padded_input();
        combine_samples();
        sum_products();
        add_products();
        activate_sums({stages.position, stages.filter_in_block, stages.tile, stages.copy, stages.block,
                       stages.group, stages.batch});
        place_positions();
    }

private:
    using Filter = schedules::MinimalFilter;
    static constexpr const Filter &filter = schedules::minimal_filter;

    int most_places() const { return row().schedule->tile.positions / Filter::outputs; }
    /// Places, and positions, of a register tile.
    Halide::Expr tile_places() {
        const Halide::Expr places = schedules::whole_places(row().schedule->tile.positions, dilation);
        return Halide::unsafe_promise_clamped(places, 1, most_places());
    }
    Halide::Expr tile_positions() { return tile_places() * Filter::outputs; }

    static Halide::Expr ceil_div(const Halide::Expr &a, const Halide::Expr &b) { return (a + b - 1) / b; }

    /// Makes the copies even: all have as many tiles, of which the last ones may be beyond the output.
    void divide_tiles() {
        Halide::Expr &copied = stages.copied_tiles;
        const Halide::Expr most = schedules::most_copied_tiles(row().schedule->tile.positions, channels());
        const Halide::Expr tiles = ceil_div(output.dim(0).extent(), tile_positions());
        const Halide::Expr copies = ceil_div(tiles, min(copied, max(most, 1)));
        copied = Halide::unsafe_promise_clamped(ceil_div(tiles, copies), 1, row().schedule->tile.copied);
    }

    /// Parts of the filter.
    Halide::Expr parts() {
        return is_specialised() ? ceil_div(taps(), Filter::taps) : weights.dim(1).extent() / Filter::points;
    }

    /// Linear combination of rows of a matrix, one of them chosen by `row`.
    template <class Matrix, class Term>
    Halide::Expr combination(const Halide::Expr &row, const Matrix &matrix, const Term &term) {
        std::vector<Halide::Expr> sums;
        for (const auto &coefficients : matrix) {
            Halide::Expr sum;
            for (std::size_t j = 0; j < std::size(coefficients); j++) {
                if (coefficients[j] == 0)
                    continue;
                const Halide::Expr x =
                    coefficients[j] == 1 ? term(j) : real(Halide::Expr(coefficients[j])) * term(j);
                sum = sum.defined() ? sum + x : x;
            }
            sums.push_back(sum);
        }
        return mux(row, sums);
    }

    void stage_padded_input() {
        auto &s = stages;
        const Halide::Expr seen = output.dim(0).extent() + (tap_step - 1) * dilation; // by some output
        const PaddedInput padded(left, input.dim(0).extent(), seen, padding_mode);
        s.outside_is_near = padded.near();
        s.repeats = padded.repeats();
        s.outside(s.sample) = padded.outside_sample(s.sample);
        // What only the taps that fill the last part up see, or positions after the last, is zeros.
        stage({left, left + input.dim(0).extent(),
               select(s.sample >= seen, real(0), padded.repeats(),
                      input_sample(padded.repeated_sample(s.sample, s.outside)), real(padding_value)),
               padded.inside(s.sample) || padded.repeats()});
    }

    /// Positions before a copy of the input.
    Halide::Expr copy_start() { return stages.copy * stages.copied_tiles * tile_positions(); }

    void combine_samples() {
        auto &s = stages;
        s.rows(s.place, s.phase, s.channel, s.copy, s.group, s.batch) =
            select(dilation == 1,
                   s.staged(copy_start() + s.place * Filter::outputs + s.phase, s.channel, s.group, s.batch),
                   Halide::undef(element));
        // The samples of a run, as many as the dilation, are neighbours in the signal as in a row.
        const Halide::Expr places = (s.copied_tiles - 1) * tile_places() + most_places() + parts() * dilation;
        s.runs = Halide::RDom(0, schedules::most_minimal_dilation, 0, Filter::outputs, 0,
                              (places + schedules::most_minimal_dilation) / dilation + 1, "runs");
        s.runs.where(dilation > 1 && s.runs.x < dilation);
        s.rows(s.runs.z * dilation + s.runs.x, s.runs.y, s.channel, s.copy, s.group, s.batch) =
            s.staged(copy_start() + (s.runs.z * Filter::outputs + s.runs.y) * dilation + s.runs.x, s.channel,
                     s.group, s.batch);
        s.combined(s.place, s.point, s.channel, s.copy, s.group, s.batch) =
            combination(s.point, filter.input, [&](std::size_t j) {
                const int in_period = static_cast<int>(j) % Filter::outputs;
                const int periods = static_cast<int>(j) / Filter::outputs;
                return s.rows(s.place + periods * dilation, in_period, s.channel, s.copy, s.group, s.batch);
            });
    }

    void sum_products() {
        auto &s = stages;
        s.taps = Halide::RDom(0, parts(), 0, channels(), "taps");
        const Halide::Expr part = s.taps.x, channel = s.taps.y;
        s.products(s.place, s.point, s.filter_in_block, s.tile, s.copy, s.block, s.group, s.batch) = real(0);
        s.products(s.place, s.point, s.filter_in_block, s.tile, s.copy, s.block, s.group, s.batch) +=
            s.combined(s.tile * tile_places() + s.place +
                           Halide::unsafe_promise_clamped(part * dilation, 0, (parts() - 1) * dilation),
                       s.point, channel, s.copy, s.group, s.batch) *
            weights(s.filter_in_block,
                    Halide::unsafe_promise_clamped(s.point * parts() + part, 0, parts() * Filter::points - 1),
                    channel, s.block, s.group);
    }

    /// The positions of a tile, from its places.
    void add_products() {
        auto &s = stages;
        const auto place_sum = [&](const Halide::Expr &place, const Halide::Expr &output_of_place) {
            return s.place_sums(place, output_of_place, s.filter_in_block, s.tile, s.copy, s.block, s.group,
                                s.batch);
        };
        const auto sum_at = [&](const Halide::Expr &position) {
            return s.accumulator(position, s.filter_in_block, s.tile, s.copy, s.block, s.group, s.batch);
        };
        s.place_sums(s.place, s.phase, s.filter_in_block, s.tile, s.copy, s.block, s.group, s.batch) =
            Halide::undef(element);
        s.tile_places = Halide::RDom(0, most_places(), "tile_places"); // vectors of a run may end beyond them
        place_sum(s.tile_places.x, s.phase) =
            bias(s.filter_in_block, s.block, s.group) +
            combination(s.phase, filter.output, [&](std::size_t point) {
                return s.products(s.tile_places.x, static_cast<int>(point), s.filter_in_block, s.tile, s.copy,
                                  s.block, s.group, s.batch);
            });
        s.accumulator(s.position, s.filter_in_block, s.tile, s.copy, s.block, s.group, s.batch) =
            Halide::undef(element);
        s.outputs = Halide::RDom(0, Filter::outputs, 0, most_places(), "outputs");
        s.outputs.where(dilation == 1);
        sum_at(s.outputs.y * Filter::outputs + s.outputs.x) = place_sum(s.outputs.y, s.outputs.x);
        s.output_runs = Halide::RDom(0, schedules::most_minimal_dilation, 0, Filter::outputs, 0,
                                     tile_places() / dilation, "output_runs");
        s.output_runs.where(dilation > 1 && s.output_runs.x < dilation);
        constexpr int last_run = (Filter::outputs - 1) * schedules::most_minimal_dilation;
        const Halide::Expr start = min(s.output_runs.z * dilation, most_places() - 1);
        const Halide::Expr in_period = min(s.output_runs.y * dilation, last_run);
        sum_at(start * Filter::outputs + in_period + s.output_runs.x) =
            place_sum(start + s.output_runs.x, s.output_runs.y);
    }

    /// Writes each place (position in the tile, pass, tile, copy) that lies in the output to where it
    /// belongs.
    void place_positions() {
        auto &s = stages;
        const int block = row().schedule->tile.filters;
        const Halide::Expr length = output.dim(0).extent(), tile = tile_positions();
        const Halide::Expr copied = s.copied_tiles * tile;
        s.places = Halide::RDom(0, tile, 0, 2, 0, s.copied_tiles, 0, ceil_div(length, copied), "places");
        const Halide::Expr start = s.places.w * copied + s.places.z * tile;
        s.places.where(Halide::likely(s.places.x < length - start));
        write(Halide::unsafe_promise_clamped(start + s.places.x, 0, length - 1),
              {s.places.x, s.filter % block, s.places.z, s.places.w, s.filter / block, s.group, s.batch},
              s.places, s.places.y);
    }
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::MinimalConvolution, conv1d_minimal)
