#pragma once

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
    using Signal = typename Base::template Input<Halide::Buffer<float, dimensions>>;
    using Integer = typename Base::template Input<std::int32_t>;
    using Real = typename Base::template Input<float>;

public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "portable/any"};
    Halide::GeneratorParam<MemoryOrder> order{
        "order",
        MemoryOrder::scb,
        {{"scb", MemoryOrder::scb}, {"cbt", MemoryOrder::cbt}, {"strided", MemoryOrder::strided}}};

    Signal<4> input{"input"};       // (position, channel in group, group, batch)
    Signal<5> weights{"weights"};   // (filter in block, tap, channel in group, block in group, group)
    Signal<3> bias{"bias"};         // (filter in block, block in group, group)
    Signal<4> residual{"residual"}; // (position, filter in group, group, batch)
    Integer stride{"stride"};
    Integer dilation{"dilation"};
    Integer left{"left"}; // padding of a convolution, cropping of a transposed one
    Integer padding_mode{"padding_mode"};
    Real padding_value{"padding_value"};
    Integer input_activation{"input_activation"};
    Real input_slope{"input_slope"};
    Integer activation{"activation"};
    Real slope{"slope"};
    Integer add_residual{"add_residual"};
    typename Base::template Output<Halide::Buffer<float, 4>> output{
        "output"}; // (position, filter in group, group, batch)

    void schedule() {
        constrain_buffers();
        const schedules::AppliedSchedule &how = row();
        how.apply(stages, {*how.schedule, Derived::operation, order.value(), this->get_target()});
    }

protected:
    schedules::Stages stages;

    const schedules::AppliedSchedule &row() const { return schedules::find_schedule(schedule_name.value()); }

    Halide::Expr taps() { return weights.dim(1).extent(); }
    Halide::Expr channels() { return weights.dim(2).extent(); }

    /// Arguments of the signature that no kernel computes yet.
    void refuse_unsupported() {
        this->add_requirement(input_activation == 0, "input activations are not supported yet");
        this->add_requirement(activation == 0, "activations are not supported yet");
        this->add_requirement(add_residual == 0, "residuals are not supported yet");
        this->add_requirement(stride >= 1 && dilation >= 1, "stride and dilation must be positive");
    }

private:
    void constrain_buffers() {
        constrain_signal(input);
        constrain_signal(residual);
        constrain_signal(output);
        const int block = row().schedule->filter_block;
        weights.dim(0).set_bounds(0, block);
        bias.dim(0).set_bounds(0, block);
        bias.dim(1).set_stride(block);
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
