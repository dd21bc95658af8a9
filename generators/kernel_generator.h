#pragma once

#include "conv1d/geometry.h"
#include "generators/activation.h"
#include "generators/fetch.h"
#include "runtime/src/packed_layout.h"
#include "schedules/stages.h"

#include <Halide.h>

#include <optional>

namespace conv1d {

/// What all generators share: the kernel signature (conv1d/kernel.h), and the choice of a schedule by name.
/// Buffers list their dimensions fastest first in `scb` order; in `cbt` order the channel is the contiguous
/// one; in `strided` order none is.
///
/// A specialised kernel has the same signature, and what its problem fixes (see Kernel::fixed) is a constant
/// in it. An argument or an extent that differs is an error of the call.
template <class Derived>
class KernelGenerator : public Halide::Generator<Derived> {
    using Base = Halide::Generator<Derived>;
    template <int dimensions>
    using Array = typename Base::template Input<Halide::Buffer<void, dimensions>>;
    using Integer = typename Base::template Input<std::int32_t>;
    using Real = typename Base::template Input<double>;

public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "portable/any"};
    Halide::GeneratorParam<Halide::Type> element{"element", Halide::Float(32)};
    Halide::GeneratorParam<MemoryOrder> order{
        "order",
        MemoryOrder::scb,
        {{"scb", MemoryOrder::scb}, {"cbt", MemoryOrder::cbt}, {"strided", MemoryOrder::strided}}};

    /// The problem string of a layer that the kernel is specialised for; empty: for none.
    Halide::GeneratorParam<std::string> problem_text{"problem", ""};

    Array<4> input{"input"};       // (position, channel in group, group, batch)
    Array<5> weights{"weights"};   // as WeightOrder says
    Array<3> bias{"bias"};         // (filter in block, block in group, group)
    Array<4> residual{"residual"}; // (position, filter in group, group, batch)
    Integer stride_argument{"stride"};
    Integer dilation_argument{"dilation"};
    Integer tap_step_argument{"tap_step"}; // kernel_tap_step()
    Integer left_argument{"left"};         // padding of a convolution, cropping of a transposed one
    Integer padding_mode_argument{"padding_mode"};
    Real padding_value_argument{"padding_value"};
    Integer input_activation_argument{"input_activation"};
    Real input_slope_argument{"input_slope"};
    Integer activation_argument{"activation"};
    Real slope_argument{"slope"};
    Integer add_residual_argument{"add_residual"};
    Integer copied_tiles_argument{"copied_tiles"};
    typename Base::template Output<Halide::Buffer<void, 4>> output{
        "output"}; // (position, filter in group, group, batch)

    void configure() {
        if (!problem_text.value().empty())
            fix_problem(parse_layer(problem_text.value()));
        for (auto *array : {&input, &residual})
            array->set_type(element);
        weights.set_type(element);
        bias.set_type(element);
        output.set_type(element);
    }

    void schedule() {
        constrain_buffers();
        row().apply(stages, choice());
    }

protected:
    schedules::Stages stages;

    /// On a GPU the sums read the input where it is.
    bool copies_input() const { return !this->get_target().has_gpu_feature(); }

    schedules::Choice choice() const {
        return {*row().schedule, Derived::operation, order.value(), this->get_target(), element.value()};
    }

    bool copies_edges_only() const { return choice().copies_edges_only(); }

    bool copies_taps() const {
        return Derived::operation == Operation::convolution && row().schedule->input_copy == InputCopy::taps;
    }

    /// The padded sample that an element of `staged` is.
    Halide::Expr copied_sample() {
        return copies_taps() ? stages.sample + stages.tap * dilation : Halide::Expr(stages.sample);
    }

    int tile_positions() const { return row().schedule->tile.positions; }

    bool is_specialised() const { return fixed_.has_value(); }

    bool vectors_of_phases() const { return row().schedule->weight_order == WeightOrder::phase_inner; }
    bool vectors_of_groups() const { return row().schedule->weight_order == WeightOrder::group_inner; }

    const schedules::AppliedSchedule &row() const { return schedules::find_schedule(schedule_name.value()); }

    Halide::Expr taps() { return fixed_ ? constant(fixed_->taps) : weights.dim(1).extent(); }
    Halide::Expr channels() {
        if (vectors_of_groups())
            return 1;
        return fixed_ ? constant(fixed_->channels_per_group()) : weights.dim(2).extent();
    }

    Halide::Expr real(const Halide::Expr &number) { return cast(element, number); }

    // The arguments, or the constants that they have to be.
    Halide::Expr stride, dilation, tap_step, left, padding_mode, padding_value;
    Halide::Expr input_activation, input_slope, activation, slope, add_residual;

    void take_arguments() {
        const Problem p = fixed_.value_or(Problem());
        stride = taken(stride_argument, p.stride);
        dilation = taken(dilation_argument, p.dilation);
        tap_step = taken(tap_step_argument, Derived::operation == Operation::convolution
                                                ? p.taps
                                                : taps_apart_in_phase(p.stride, p.dilation));
        left = taken(left_argument, p.left);
        padding_mode = taken(padding_mode_argument, p.padding_mode);
        padding_value = taken_number(padding_value_argument, p.padding_value);
        input_activation = taken(input_activation_argument, p.input_activation);
        input_slope = taken_number(input_slope_argument, p.input_slope);
        activation = taken(activation_argument, p.activation);
        slope = taken_number(slope_argument, p.slope);
        add_residual = taken(add_residual_argument, p.residual);
        constexpr int last = static_cast<int>(Activation::sigmoid);
        this->add_requirement(stride >= 1 && dilation >= 1, "stride and dilation must be positive");
        this->add_requirement(activation >= 0 && activation <= last, "activation is not one of Activation");
        this->add_requirement(input_activation >= 0 && input_activation <= last,
                              "input_activation is not one of Activation");
        const int most_copied = row().schedule->tile.copied;
        this->add_requirement(copied_tiles_argument >= 1 && copied_tiles_argument <= most_copied,
                              "copied_tiles must be from 1 to those of the schedule");
        stages.copied_tiles = Halide::unsafe_promise_clamped(copied_tiles_argument, 1, most_copied);
        stages.stride = stride;
        stages.dilation = dilation;
        stages.channels = channels();
        stages.activation = activation;
        stages.input_activation = activates_while_copying() ? Halide::Expr(0) : input_activation;
        if (vectors_of_groups()) {
            stages.whole_vectors = output.dim(2).extent() >= choice().tile_groups();
            if (order.value() == MemoryOrder::cbt) // and not several filters for each channel
                stages.whole_vectors =
                    stages.whole_vectors && output.dim(2).stride() == 1 && residual.dim(2).stride() == 1;
        }
    }

    /// A sample of the input, of the last group where a vector of groups runs past it.
    Halide::Expr input_at(const Halide::Expr &place, const Halide::Expr &channel) {
        auto &s = stages;
        if (!vectors_of_groups())
            return input(place, channel, s.group, s.batch);
        const Halide::Expr last = input.dim(2).extent() - 1;
        const Halide::Expr group = select(s.whole_vectors, Halide::unsafe_promise_clamped(s.group, 0, last),
                                          Halide::likely(min(s.group, last)));
        return input(place, channel, group, s.batch);
    }

    /// A sample of the input; on a GPU, which copies no tile, with its activation.
    Halide::Expr input_sample(const Halide::Expr &place) {
        auto &s = stages;
        if (copies_input())
            return activates_while_copying() ? activated_input(input_at(place, s.channel))
                                             : input_at(place, s.channel);
        const Halide::Expr sample = input(place, s.channel, s.group, s.batch);
        if (!s.activated_input.defined())
            s.activated_input(s.sample, s.channel, s.group, s.batch) =
                activated_input(input(s.sample, s.channel, s.group, s.batch));
        return either(has_input_activation(), s.activated_input(place, s.channel, s.group, s.batch), sample);
    }

    /// What `staged` holds: from `begin` to before `end` the signal, around it what stands outside.
    struct Padded {
        Halide::Expr begin, end;
        Halide::Expr outside;     ///< the value outside
        Halide::Expr holds_input; ///< the value is a sample of the input, be it repeated
    };

    /// Declares `staged`: the padded input, with the input activation where it holds samples of the input.
    /// A tile is copied in steps: the signal, by whole vectors; then, one by one, what stands on its left and
    /// on its right; then the activation, unless the kernel has only one. On a GPU, which copies no tile, it
    /// is one expression.
    void stage(const Padded &padded) {
        using Halide::likely;
        auto &s = stages;
        std::vector<Halide::Var> variables{s.sample, s.channel, s.group, s.batch};
        if (copies_edges_only())
            variables.push_back(s.tile);
        if (copies_taps())
            variables.push_back(s.tap);
        const std::vector<Halide::Expr> at(variables.begin(), variables.end());
        const Halide::Expr sample = copied_sample();
        const Halide::Expr after_begin = sample >= padded.begin, before_end = sample < padded.end;
        const Halide::Expr place = sample - padded.begin, last = input.dim(0).extent() - 1;
        if (!copies_input()) {
            s.staged(at) = select(likely(after_begin && before_end),
                                  input_sample(likely(clamp(place, 0, last))), padded.outside);
            return;
        }
        s.staged(variables) = Halide::undef(element);
        // Domains of one point, for their conditions, by which vectors are masked. In a specialised kernel a
        // value's: of a domain's, the one sample on the left of a layer is counted to every copy of a tile.
        const bool edges = copies_edges_only() && !fixed_;
        auto steps = s.copy_once.begin();
        const auto step = [&](const char *name, const Halide::Expr &where, const Halide::Expr &value) {
            Halide::RDom once(0, edges ? 2 : 1, name); // a domain of one point is no loop
            *steps++ = once;
            const Halide::Expr always = once.x >= 0;
            if (fixed_) {
                const Halide::Expr copied = copies_edges_only() ? s.at_edge(s.tile) != 0 : always;
                s.staged(at) = select(copied && where && always, value, Halide::undef(element));
                return;
            }
            if (edges) // a bound of the outermost loop, which is empty then
                once.where(once.x < s.at_edge(s.tile));
            once.where(where);
            s.staged(at) = select(always, value, real(0));
        };
        step("signal", likely(after_begin && before_end),
             input_sample(Halide::unsafe_promise_clamped(place, 0, last)));
        step("on_the_left", !likely(after_begin), padded.outside);
        step("on_the_right", !likely(before_end), padded.outside);
        const Halide::Expr x = s.staged(at);
        step("input_activation",
             activates_while_copying() ? Halide::Internal::const_false() : has_input_activation(),
             select(padded.holds_input, activated_input(x), x));
    }

    bool activates_while_copying() const {
        return copies_input() && fixed_ && fixed_->input_activation != Activation::none;
    }
    Halide::Expr has_input_activation() { return input_activation != static_cast<int>(Activation::none); }
    Halide::Expr activated_input(const Halide::Expr &x) {
        return activated(input_activation, x, real(input_slope));
    }

    /// There is something to do with the sums besides writing them.
    Halide::Expr has_epilogue() {
        return activation != static_cast<int>(Activation::none) || add_residual != 0;
    }

    /// What sums begin with: the bias. With Choice::fetches_lines() the lines are asked for that the tile
    /// will be written over: of the residual, which stands for the output if there is none.
    /// \param terms     of a sum
    /// \param position  of the output
    /// \param sums      indices of `accumulator`: position ... filter_in_block, block, group, batch
    Halide::Expr first_sum(const Halide::Expr &terms, const Halide::Expr &position,
                           const std::vector<Halide::Var> &sums) {
        auto &s = stages;
        const Halide::Expr first = bias(s.filter_in_block, s.block, s.group);
        if (!choice().fetches_lines())
            return first;
        const int elements = choice().line_elements();
        const std::size_t of_vectors = row().schedule->fetch == Fetch::filters ? sums.size() - 4 : 0;
        std::vector<Halide::Var> lines = sums;
        std::vector<Halide::Expr> line(sums.begin(), sums.end());
        lines[of_vectors] = s.line;
        line[of_vectors] = sums[of_vectors] / elements;
        const auto begin = [&](const Halide::Expr &index) {
            return Halide::Internal::substitute(sums[of_vectors].name(), s.line * elements, index);
        };
        const Halide::Expr filter = begin(s.block * row().schedule->tile.filters + s.filter_in_block);
        s.is_worth_fetching = is_worth_fetching(choice(), output, terms);
        s.fetched(lines) =
            either(s.is_worth_fetching,
                   fetch(residual, {begin(position), filter, s.group, s.batch}, elements), real(0));
        return after(s.fetched(line), first);
    }

    /// Declares `activated` over the sums of a tile.
    void activate_sums(const std::vector<Halide::Var> &indices) {
        auto &s = stages;
        const std::vector<Halide::Expr> at(indices.begin(), indices.end());
        s.activated(indices) = select(has_epilogue(), s.accumulator(at), Halide::undef(element));
        s.activated(indices) = conv1d::activated(activation, s.activated(at), real(slope));
    }

    /// Writes a position of the output, by one of the two passes that `pass` counts: 0 writes sums that are
    /// the result, from registers; 1 writes their activation and the residual, if there is either. The output
    /// is written once, so that the residual may lie there.
    void write(const Halide::Expr &position, const std::vector<Halide::Expr> &at, Halide::RDom &domain,
               const Halide::RVar &pass) {
        auto &s = stages;
        domain.where((pass == 1) == has_epilogue());
        const bool as_it_is = fixed_ && fixed_->activation == Activation::none;
        const Halide::Expr sum = as_it_is ? s.accumulator(at) : s.activated(at);
        const Halide::Expr finished =
            either(add_residual != 0, sum + residual(position, s.filter, s.group, s.batch), sum);
        output(s.position, s.filter, s.group, s.batch) = Halide::undef(element);
        output(position, s.filter, s.group, s.batch) = select(pass == 0, s.accumulator(at), finished);
        s.pass = pass;
        s.output = output;
    }

private:
    std::optional<Problem> fixed_;

    void fix_problem(const Problem &p) {
        if (p.operation != Derived::operation || p.order != order.value() ||
            element.value() != (p.element == ElementType::float32 ? Halide::Float(32) : Halide::Float(64)))
            throw std::invalid_argument("problem is " + problem_text.value() +
                                        "; expected one of this generator, order and element");
        fixed_ = p;
    }

    static Halide::Expr constant(std::int64_t number) { return static_cast<int>(number); }

    /// The argument; in a specialised kernel the constant that it is then checked to be.
    template <class Integral>
    Halide::Expr taken(const Halide::Expr &argument, Integral value) {
        if (!fixed_)
            return argument;
        const Halide::Expr number = constant(static_cast<std::int64_t>(value));
        need(argument == number, argument, number);
        return number;
    }

    /// The same of a number, which the element type rounds.
    Halide::Expr taken_number(const Halide::Expr &argument, double value) {
        if (!fixed_)
            return argument;
        const Halide::Expr number(rounded(fixed_->element, value));
        need(real(argument) == real(number), argument, number);
        return number;
    }

    void need(const Halide::Expr &condition, const Halide::Expr &argument, const Halide::Expr &number) {
        const std::string &name = argument.as<Halide::Internal::Variable>()->name;
        this->add_requirement(condition, name + " is", argument, "and this kernel is specialised for",
                              number);
    }

    void constrain_buffers() {
        constrain_signal(input);
        constrain_signal(residual);
        constrain_signal(output);
        const int block = row().schedule->tile.filters;
        weights.dim(0).set_bounds(0, vectors_of_phases() ? phase_block : block);
        bias.dim(0).set_bounds(0, block);
        if (vectors_of_groups()) {
            weights.dim(4).set_stride(1);
            weights.dim(2).set_bounds(0, 1);
            bias.dim(2).set_stride(1);
            if (order.value() == MemoryOrder::cbt)
                input.dim(2).set_stride(1); // the channel of each group is its only one
        } else {
            bias.dim(1).set_stride(block);
        }
        for (int i = 1; i < 5; i++)
            weights.dim(i).set_min(0);
        for (int i = 1; i < 3; i++)
            bias.dim(i).set_min(0);
        if (fixed_)
            fix_extents(*fixed_);
    }

    void fix_extents(const Problem &p) {
        const auto fix = [](auto &buffer, int i, std::int64_t extent) {
            buffer.dim(i).set_bounds(0, constant(extent));
        };
        for (auto *signal : {&input, &residual}) {
            fix(*signal, 1, signal == &input ? p.channels_per_group() : p.filters_per_group());
            fix(*signal, 2, p.groups);
        }
        fix(output, 1, p.filters_per_group());
        fix(output, 2, p.groups);
        const PackedLayout layout(*row().schedule, p);
        const auto lay_out = [&](auto &buffer, const auto &dimensions) {
            for (std::size_t i = 0; i < dimensions.size(); i++) {
                fix(buffer, static_cast<int>(i), dimensions[i].extent);
                buffer.dim(static_cast<int>(i)).set_stride(constant(dimensions[i].stride));
            }
        };
        lay_out(weights, layout.weights());
        lay_out(bias, layout.bias());
    }

    template <class Buffer>
    void constrain_signal(Buffer &buffer) {
        for (int i = 0; i < 4; i++)
            buffer.dim(i).set_min(0);
        if (order.value() == MemoryOrder::scb)
            return; // dimension 0 is contiguous by default
        buffer.dim(0).set_stride(Halide::Expr());
        if (order.value() == MemoryOrder::cbt)
            buffer.dim(1).set_stride(1);
    }
};

} // namespace conv1d
