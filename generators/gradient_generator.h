#pragma once

#include "conv1d/problem.h"

#include <Halide.h>

namespace conv1d {

/// What the gradients' generators share: the kernel signature (GradientFunction in conv1d/kernel.h). Buffers
/// list their dimensions as those of KernelGenerator do.
template <class Derived>
class GradientGenerator : public Halide::Generator<Derived> {
    using Base = Halide::Generator<Derived>;
    using Array = typename Base::template Input<Halide::Buffer<void, 4>>;
    using Integer = typename Base::template Input<std::int32_t>;
    using Real = typename Base::template Input<double>;

public:
    Halide::GeneratorParam<Halide::Type> element{"element", Halide::Float(32)};
    Halide::GeneratorParam<MemoryOrder> order{
        "order",
        MemoryOrder::scb,
        {{"scb", MemoryOrder::scb}, {"cbt", MemoryOrder::cbt}, {"strided", MemoryOrder::strided}}};

    Array input{"input"};       // (position, channel in group, group, batch)
    Array gradient{"gradient"}; // (position, filter in group, group, batch)
    Integer stride{"stride"};
    Integer dilation{"dilation"};
    Integer left{"left"};
    Integer padding_mode{"padding_mode"};
    Real padding_value{"padding_value"};
    Integer activation{"activation"};
    Real slope{"slope"};
    Integer slab_count{"slab_count"};
    Integer accumulate{"accumulate"};
    typename Base::template Output<Halide::Buffer<void, 4>> output{"output"};

    void configure() {
        input.set_type(element);
        gradient.set_type(element);
        output.set_type(element);
    }

protected:
    Halide::Expr real(const Halide::Expr &number) { return cast(element, number); }

    template <class Buffer>
    void constrain(Buffer &buffer) {
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
