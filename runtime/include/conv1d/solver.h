#pragma once

#include "conv1d/layer.h"
#include "conv1d/visibility.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace CONV1D_HIDDEN conv1d {

/// How an array changes by its gradient g in its step t = 1, 2, ...; a is its learn rate. What is kept from
/// step to step (v, m) begins at 0. Equations and default settings are those of MATLAB's trainingOptions.
enum class Method {
    /// Stochastic gradient descent with momentum: v = momentum*v - a*g; value += v
    sgdm,
    /// v = beta2*v + (1 - beta2)*g^2; value -= a*g / (sqrt(v) + epsilon)
    rmsprop,
    /// m = beta1*m + (1 - beta1)*g; v = beta2*v + (1 - beta2)*g^2;
    /// value -= a * m/(1 - beta1^t) / (sqrt(v/(1 - beta2^t)) + epsilon)
    adam,
};

/// What of a gradient is compared with SolverOptions::gradient_threshold, and made smaller if it is above.
enum class ThresholdMethod {
    l2_norm,        ///< the Euclidean norm of an array; the array is scaled
    global_l2_norm, ///< that of all arrays together; all are scaled
    absolute_value, ///< each element; it becomes the threshold, with its sign
};

/// Settings of a Solver, whose constructor checks their ranges.
struct SolverOptions {
    SolverOptions(Method m = Method::sgdm) noexcept // NOLINT: a method is all that most need
        : method(m), learn_rate(m == Method::sgdm ? 0.01 : 0.001),
          squared_gradient_decay_factor(m == Method::rmsprop ? 0.9 : 0.999) {}

    Method method;
    /// Of all layers; each array's factor multiplies it. Above 0, finite.
    double learn_rate;
    /// Of all layers; each array's factor multiplies it: g += l2 * value, after clipping. From 0, finite.
    double l2_regularization = 1e-4;
    double momentum = 0.9;                ///< from 0 to below 1
    double gradient_decay_factor = 0.9;   ///< beta1, from 0 to below 1
    double squared_gradient_decay_factor; ///< beta2, from 0 to below 1
    double epsilon = 1e-8;                ///< above 0, finite
    /// Above 0; infinite: gradients are not clipped.
    double gradient_threshold = std::numeric_limits<double>::infinity();
    ThresholdMethod threshold_method = ThresholdMethod::l2_norm;
};

/// A layer and the gradients of its parameters, as BasicLayer::backward() gives them. Null: the array stays
/// as it is, as with a learn-rate factor of 0.
template <class T>
struct BasicUpdate {
    BasicLayer<T> *layer = nullptr;
    const std::vector<T> *weights_gradient = nullptr;
    const std::vector<T> *bias_gradient = nullptr;
};

using Update = BasicUpdate<float>;
using Update64 = BasicUpdate<double>;

namespace detail {
template <class T>
struct Learnable;
}

/// Changes the parameters of layers by their gradients, and keeps what the method needs from step to step.
///
/// An array's gradient is clipped, gets its L2 regularization, and goes into the method's equation with the
/// learn rate a = learn_rate * the array's learn-rate factor. An array with the factor 0 keeps all its bits;
/// neither its gradient nor what is kept for it counts, so that it goes on where it was with another factor.
///
/// Computed in the element type, norms in float64, always in the same order.
template <class T>
class BasicSolver {
public:
    /// \throws std::invalid_argument naming the setting, its value and what was expected
    explicit BasicSolver(const SolverOptions &options = {});

    const SolverOptions &options() const noexcept { return options_; }
    /// For schedules of the learn rate. \throws std::invalid_argument unless it is above 0 and finite
    void set_learn_rate(double rate);
    /// Steps made.
    std::int64_t steps() const noexcept { return steps_; }

    /// One step. The layers are the same in each, in the same order; one may have moved.
    /// \throws std::invalid_argument, with nothing changed, if a layer is null, given twice, has no
    /// parameters, a gradient has another count than its array or holds a NaN or an infinity, or the arrays'
    /// counts are not those of the first step
    void step(const std::vector<BasicUpdate<T>> &updates);

private:
    struct Memory {
        std::vector<T> gradient, squared; // v of sgdm or m; v of the others
        std::int64_t steps = 0;           // that changed the array
    };

    void check(const std::vector<detail::Learnable<T>> &arrays) const;
    void clip(std::vector<detail::Learnable<T>> &arrays) const;
    std::vector<T> changed(const detail::Learnable<T> &array, Memory &memory) const;

    SolverOptions options_;
    std::int64_t steps_ = 0;
    std::vector<Memory> memory_; // of weights and bias of each layer
};

using Solver = BasicSolver<float>;
using Solver64 = BasicSolver<double>;

} // namespace conv1d
