#pragma once

#include "generators/activation.h"
#include "schedules/stages.h"

#include <Halide.h>

namespace conv1d {

/// What all generators share: the kernel signature (conv1d/kernel.h), and the choice of a schedule by name.
/// Buffers list their dimensions fastest first in `scb` order; in `cbt` order the channel is the contiguous
/// one; in `strided` order none is.
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

    Array<4> input{"input"};       // (position, channel in group, group, batch)
    Array<5> weights{"weights"};   // (filter in block, tap, channel in group, block in group, group)
    Array<3> bias{"bias"};         // (filter in block, block in group, group)
    Array<4> residual{"residual"}; // (position, filter in group, group, batch)
    Integer stride{"stride"};
    Integer dilation{"dilation"};
    Integer tap_step{"tap_step"}; // transposed: between the taps of a phase
    Integer left{"left"};         // padding of a convolution, cropping of a transposed one
    Integer padding_mode{"padding_mode"};
    Real padding_value{"padding_value"};
    Integer input_activation{"input_activation"};
    Real input_slope{"input_slope"};
    Integer activation{"activation"};
    Real slope{"slope"};
    Integer add_residual{"add_residual"};
    typename Base::template Output<Halide::Buffer<void, 4>> output{
        "output"}; // (position, filter in group, group, batch)

    void configure() {
        for (auto *array : {&input, &residual})
            array->set_type(element);
        weights.set_type(element);
        bias.set_type(element);
        output.set_type(element);
    }

    void schedule() {
        constrain_buffers();
        const schedules::AppliedSchedule &how = row();
        how.apply(stages,
                  {*how.schedule, Derived::operation, order.value(), this->get_target(), element.value()});
    }

protected:
    schedules::Stages stages;

    /// On a GPU the sums read the input where it is.
    bool copies_input() const { return !this->get_target().has_gpu_feature(); }

    /// Convolutions only.
    bool copies_edges_only() const {
        return Derived::operation == Operation::convolution && row().schedule->input_copy == InputCopy::edges;
    }

    bool vectors_of_groups() const { return row().schedule->weight_order == WeightOrder::group_inner; }

    const schedules::AppliedSchedule &row() const { return schedules::find_schedule(schedule_name.value()); }

    Halide::Expr taps() { return weights.dim(1).extent(); }
    Halide::Expr channels() { return vectors_of_groups() ? Halide::Expr(1) : weights.dim(2).extent(); }

    Halide::Expr real(const Halide::Expr &number) { return cast(element, number); }

    void check_arguments() {
        constexpr int last = static_cast<int>(Activation::sigmoid);
        this->add_requirement(stride >= 1 && dilation >= 1, "stride and dilation must be positive");
        this->add_requirement(activation >= 0 && activation <= last, "activation is not one of Activation");
        this->add_requirement(input_activation >= 0 && input_activation <= last,
                              "input_activation is not one of Activation");
        stages.stride = stride;
        stages.activation = activation;
        stages.input_activation = input_activation;
        stages.dense_groups = output.dim(2).stride() == 1 && residual.dim(2).stride() == 1;
    }

    /// Like select(), but a branch: the other value is not computed.
    Halide::Expr either(const Halide::Expr &condition, const Halide::Expr &yes, const Halide::Expr &no) {
        using Halide::Internal::Call;
        return Call::make(yes.type(), Call::if_then_else, {condition, yes, no}, Call::PureIntrinsic);
    }

    /// A sample of the input, of the last group where a vector of groups runs past it.
    Halide::Expr input_at(const Halide::Expr &place, const Halide::Expr &channel) {
        auto &s = stages;
        const Halide::Expr group = vectors_of_groups()
                                       ? Halide::likely(min(s.group, input.dim(2).extent() - 1))
                                       : Halide::Expr(s.group);
        return input(place, channel, group, s.batch);
    }

    /// A sample of the input; on a GPU, which copies no tile, with its activation.
    Halide::Expr input_sample(const Halide::Expr &place) {
        auto &s = stages;
        if (copies_input())
            return input_at(place, s.channel);
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
    /// on its right; then the activation. On a GPU, which copies no tile, it is one expression.
    void stage(const Padded &padded) {
        using Halide::likely;
        auto &s = stages;
        std::vector<Halide::Var> variables{s.sample, s.channel, s.group, s.batch};
        if (copies_edges_only())
            variables.push_back(s.tile);
        const std::vector<Halide::Expr> at(variables.begin(), variables.end());
        const Halide::Expr after_begin = s.sample >= padded.begin, before_end = s.sample < padded.end;
        const Halide::Expr place = s.sample - padded.begin, last = input.dim(0).extent() - 1;
        if (!copies_input()) {
            s.staged(at) = select(likely(after_begin && before_end),
                                  input_sample(likely(clamp(place, 0, last))), padded.outside);
            return;
        }
        s.staged(variables) = Halide::undef(element);
        // Domains of one point, for their conditions, by which vectors are masked.
        const auto step = [&](const char *name, const Halide::Expr &where, const Halide::Expr &value) {
            Halide::RDom once(0, 1, name);
            if (copies_edges_only())
                once.where(s.copies(s.tile) != 0);
            once.where(where);
            s.staged(at) = select(once.x == 0, value, real(0)); // always `value`
        };
        step("signal", likely(after_begin && before_end),
             input_sample(Halide::unsafe_promise_clamped(place, 0, last)));
        step("on_the_left", !likely(after_begin), padded.outside);
        step("on_the_right", !likely(before_end), padded.outside);
        const Halide::Expr x = s.staged(at);
        step("input_activation", has_input_activation(), select(padded.holds_input, activated_input(x), x));
    }

    Halide::Expr has_input_activation() { return input_activation != static_cast<int>(Activation::none); }
    Halide::Expr activated_input(const Halide::Expr &x) {
        return activated(input_activation, x, real(input_slope));
    }

    /// There is something to do with the sums besides writing them.
    Halide::Expr has_epilogue() {
        return activation != static_cast<int>(Activation::none) || add_residual != 0;
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
        const Halide::Expr sum = s.activated(at);
        const Halide::Expr finished =
            either(add_residual != 0, sum + residual(position, s.filter, s.group, s.batch), sum);
        output(s.position, s.filter, s.group, s.batch) = Halide::undef(element);
        output(position, s.filter, s.group, s.batch) = select(pass == 0, s.accumulator(at), finished);
        s.pass = pass;
        s.output = output;
    }

private:
    void constrain_buffers() {
        constrain_signal(input);
        constrain_signal(residual);
        constrain_signal(output);
        const int block = row().schedule->filter_block;
        weights.dim(0).set_bounds(0, block);
        if (row().schedule->weight_order == WeightOrder::phase_inner)
            weights.dim(1).set_stride(1);
        bias.dim(0).set_bounds(0, block);
        if (vectors_of_groups()) {
            weights.dim(4).set_stride(1);
            weights.dim(2).set_bounds(0, 1);
            bias.dim(2).set_stride(1);
            input.dim(2).set_stride(1); // the channel of each group is its only one
        } else {
            bias.dim(1).set_stride(block);
        }
        for (int i = 1; i < 5; i++)
            weights.dim(i).set_min(0);
        for (int i = 1; i < 3; i++)
            bias.dim(i).set_min(0);
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
