#include "generators/activation_gradient.h"
#include "generators/gradient_generator.h"
#include "schedules/gradient_stages.h"

namespace conv1d {

/// An activation of each element, or the gradient through it:
///
///   conv1d_activation            output = activation(input)
///   conv1d_activation_gradient   output = activation'(input) * gradient, added to what is there if
///   `accumulate`
///
/// Input, gradient and output have the same sizes.
template <bool gradient_of>
class ElementwiseGenerator : public GradientGenerator<ElementwiseGenerator<gradient_of>> {
public:
    Halide::GeneratorParam<std::string> schedule_name{"schedule", "gradients/elementwise"};

    void generate() {
        auto &s = stages_;
        s.activation = this->activation;
        const std::vector<Halide::Expr> at{s.position, s.channel, s.group, s.batch};
        const Halide::Expr x = this->input(at), leak = this->real(this->slope);
        Halide::Expr result = activated(this->activation, x, leak);
        if (gradient_of) {
            this->output(s.position, s.channel, s.group, s.batch) = Halide::undef(this->element);
            const Halide::Expr before = this->output(at);
            result = activation_derivative(this->activation, x, leak) * this->gradient(at) +
                     select(this->accumulate != 0, before, this->real(0));
        }
        this->output(s.position, s.channel, s.group, s.batch) = result;
        s.output = this->output;
    }

    void schedule() {
        this->constrain(this->input);
        this->constrain(this->gradient);
        this->constrain(this->output);
        const schedules::AppliedGradientSchedule &row =
            schedules::find_gradient_schedule(schedule_name.value());
        row.apply(stages_,
                  {*row.schedule, row.tile, this->order.value(), this->get_target(), this->element.value()});
    }

private:
    schedules::GradientStages stages_;
};

using ActivationGenerator = ElementwiseGenerator<false>;
using ActivationGradientGenerator = ElementwiseGenerator<true>;

} // namespace conv1d

HALIDE_REGISTER_GENERATOR(conv1d::ActivationGenerator, conv1d_activation)
HALIDE_REGISTER_GENERATOR(conv1d::ActivationGradientGenerator, conv1d_activation_gradient)
