#include "generators/gradient_generator.h"
#include "schedules/gradient_stages.h"

namespace conv1d {

/// Gradient with respect to the bias:
///
///   output(f) = sum over batch, i of gradient(i, f)
///
/// added to what is there if `accumulate`.
class BiasGradient : public GradientGenerator<BiasGradient> {
public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "gradients/sums"};

    void generate() {
        auto &s = stages_;
        s.filters = gradient.dim(1).extent();
        s.samples = Halide::RDom(0, gradient.dim(0).extent(), 0, gradient.dim(3).extent(), "samples");
        s.filter_sum(s.filter, s.group) = real(0);
        s.filter_sum(s.filter, s.group) += gradient(s.samples.x, s.filter, s.group, s.samples.y);
        output(s.tap, s.channel, s.filter, s.group) = Halide::undef(element);
        const Halide::Expr before = output(s.tap, s.channel, s.filter, s.group);
        output(s.tap, s.channel, s.filter, s.group) =
            s.filter_sum(s.filter, s.group) + select(accumulate != 0, before, real(0));
        s.output = output;
    }

    void schedule() {
        constrain(input);
        constrain(gradient);
        for (int i = 0; i < 4; i++)
            output.dim(i).set_min(0);
        const schedules::AppliedGradientSchedule &row =
            schedules::find_gradient_schedule(schedule_name.value());
        row.apply(stages_, {*row.schedule, row.tile, order.value(), this->get_target(), element.value()});
    }

private:
    schedules::GradientStages stages_;
};

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::BiasGradient, conv1d_bias_gradient)
