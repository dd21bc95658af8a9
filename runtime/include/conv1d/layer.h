#pragma once

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
#include "conv1d/layer_setup.h"
#include "conv1d/problem.h"
#include "conv1d/run_kernel.h"
#include "conv1d/status.h"
#include "conv1d/tensor.h"
#include "conv1d/visibility.h"
#include "conv1d/workspace.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CONV1D_HIDDEN conv1d {

namespace detail {

enum class Fault : int;
struct Plan;
template <class T>
class Backward;

} // namespace detail

/// What all layers share besides their parameters: hyperparameters, the choice of a kernel, threads.
///
/// Formats. `SCB` and `SC` convolve over S, `CBT` and `CT` over T, `SCBT` and `SCT` over S with each time
/// step on its own; so do the same labels in any other order (`CSB` is channels-last). Outputs have the
/// format of the input, with the convolved size and C changed. `U`, repeated and other labels are refused.
///
/// Strides. Input and output may have any, and are read and written where they are: nothing is packed first.
/// The fast kernels want the convolved label, or C, to have stride 1 in both; every other view (a sliced one,
/// `BCS`, or an input and an output that differ in this) runs on the `strided` kernels, with the same results
/// up to rounding. `B` and `T` of `SCBT` are one batch where both can be stepped through with one stride, as
/// in dense memory; else the kernel runs once for each index of the smaller of the two. No buffer may span,
/// nor a size times its stride be, more than 2147483647 elements.
///
/// Memory. Inputs are read only. An output's address range must not overlap the input's, nor its elements
/// each other. See Tensor for ownership and alignment.
///
/// Threads. Const functions may be called from several threads at once; each forward needs a Workspace of its
/// own.
///
/// Errors. Every function that throws std::invalid_argument or std::runtime_error says the layer, the
/// thing, its value and what was expected in one sentence. With std::invalid_argument no output has been
/// written.
class AnyLayer {
public:
    virtual ~AnyLayer() = default;

    const std::string &name() const noexcept { return setup_.name; }
    void set_name(std::string name) { setup_.name = std::move(name); }
    Operation operation() const noexcept { return setup_.operation; }
    std::int64_t filter_size() const noexcept { return setup_.filter_size; }
    std::int64_t num_filters() const noexcept { return setup_.num_filters; }
    std::int64_t stride() const noexcept { return setup_.stride; }
    std::int64_t dilation_factor() const noexcept { return setup_.dilation; }
    std::int64_t groups() const noexcept { return setup_.groups; }
    /// What a convolution's padding holds: PaddingMode::constant with the number, or a kind of extension.
    PaddingMode padding_value_mode() const noexcept { return setup_.padding_mode; }
    double padding_value() const noexcept { return setup_.padding_value; }
    /// Of a transposed convolution.
    std::int64_t output_padding() const noexcept { return setup_.output_padding; }
    /// float32 or float64: of input, weights, bias, residual and output.
    ElementType element() const noexcept { return setup_.element; }
    /// Applied to the sums, and to the input before it is padded; `slope` is that of leaky_relu, else 0.
    Activation activation() const noexcept { return setup_.activation; }
    double activation_slope() const noexcept { return setup_.slope; }
    Activation input_activation() const noexcept { return setup_.input_activation; }
    double input_activation_slope() const noexcept { return setup_.input_slope; }
    /// Filtering is "minimal".
    bool minimal_filtering() const noexcept { return setup_.minimal_filtering; }
    /// How padding or cropping is determined, for an input of `length` samples what it is, and which end gets
    /// the odd sample of a `same` total.
    EndsMode ends_mode() const noexcept { return setup_.mode; }
    Ends ends_size(std::int64_t length) const noexcept { return ends_for(length); }
    OddEnd same_extra() const noexcept { return setup_.same_extra; }
    std::uint64_t seed() const noexcept { return setup_.seed; }
    /// None while NumChannels is "auto" and no weights have been set.
    std::optional<std::int64_t> num_channels() const noexcept { return setup_.num_channels; }

    /// Learn rate of the array = this factor x the global one; its L2 regularization likewise. The setters
    /// \throw std::invalid_argument unless the factor is nonnegative and finite.
    double weight_learn_rate_factor() const noexcept { return setup_.weights_settings.learn_rate_factor; }
    double bias_learn_rate_factor() const noexcept { return setup_.bias_settings.learn_rate_factor; }
    double weight_l2_factor() const noexcept { return setup_.weights_settings.l2_factor; }
    double bias_l2_factor() const noexcept { return setup_.bias_settings.l2_factor; }
    void set_weight_learn_rate_factor(double factor);
    void set_bias_learn_rate_factor(double factor);
    void set_weight_l2_factor(double factor);
    void set_bias_l2_factor(double factor);
    /// "glorot", "he", ... or "function".
    const std::string &weights_initializer() const noexcept { return setup_.weights_settings.initializer; }
    const std::string &bias_initializer() const noexcept { return setup_.bias_settings.initializer; }

    static constexpr int num_inputs() noexcept { return 1; }
    static std::vector<std::string> input_names() { return {"in"}; }
    static constexpr int num_outputs() noexcept { return 1; }
    static std::vector<std::string> output_names() { return {"out"}; }

    /// Elements of weights and bias: FilterSize*NumChannels/Groups*NumFilters and NumFilters; 0 while there
    /// are none.
    virtual std::int64_t weights_count() const noexcept = 0;
    virtual std::int64_t bias_count() const noexcept = 0;
    /// {FilterSize, NumChannels/Groups, NumFilters}; transposed {FilterSize, NumFilters/Groups, NumChannels}.
    /// \param channels  stands for NumChannels
    Sizes weights_size(std::int64_t channels) const;

    /// Fills weights and bias by their initializers, each only if it is empty, and resolves NumChannels
    /// "auto" from such an input; what the first throwing forward() or prepare() does too. \throws
    /// std::invalid_argument also if an initializer function returns a wrong count
    virtual void initialize(std::string_view format, const Sizes &sizes) = 0;
    /// Packs the weights for the kernel of such an input, and grows the layer's own workspace: whatever the
    /// first forward() would have to allocate; initializes first. Inputs that use other kernels may be
    /// prepared besides.
    virtual void prepare(std::string_view format, const Sizes &sizes) = 0;

    /// Most threads that one forward uses; 1 unless set. A small problem uses fewer.
    /// \throws std::invalid_argument unless it is from 1 to most_threads
    void set_threads(int threads);
    int threads() const noexcept { return threads_; }
    /// Whose threads; null means shared_executor().
    void set_executor(std::shared_ptr<Executor> executor);
    /// Where kernels are chosen from: builtin_kernels() unless set; linked_kernels() that are specialised for
    /// such a layer come first. Forgets what was forced and chooses the
    /// best target of the table. \throws std::invalid_argument if a kernel of it has no function; as
    /// best_target()
    void set_kernels(KernelTable kernels);
    /// Uses the kernels of this target only. \throws std::invalid_argument if the processor or the table
    /// lacks it
    void force_target(Target target);
    Target target() const noexcept { return target_; }
    /// Uses this schedule only, e.g. "x86/avx2_filters"; empty means the first that applies. Whether it
    /// applies to an input is found when that is prepared. \throws std::invalid_argument if no kernel of the
    /// table has it
    void force_schedule(std::string schedule);
    /// Uses kernels of this tier only: Tier::built_in leaves the specialised ones out; with Tier::specialised
    /// an input that has none is refused when it is prepared. tier_of(kernel_for(...)) says which one is
    /// used.
    void force_tier(Tier tier) noexcept {
        tier_ = tier;
        plan_is_kept_ = false;
    }
    Tier tier() const noexcept { return tier_; }

    /// The layer applied to such an input: all sizes and behaviours. Here and below: \throws
    /// std::invalid_argument if the layer refuses an input of this format and sizes.
    Problem problem_for(std::string_view format, const Sizes &sizes) const;
    /// The kernel that would run. It lives as long as the table does.
    const Kernel &kernel_for(std::string_view format, const Sizes &sizes) const;
    /// Where input and output are views: their strides matter to the choice.
    const Kernel &kernel_for(const Shape &input, const Shape &output) const;
    /// The one that adds a residual.
    const Kernel &kernel_for(const Shape &input, const Shape &residual, const Shape &output) const;
    Sizes output_sizes(std::string_view format, const Sizes &sizes) const;
    /// Bound on the scratch memory of one forward, per thread.
    std::size_t workspace_bytes(std::string_view format, const Sizes &sizes) const;
    /// A Workspace of that size for threads() threads.
    Workspace make_workspace(std::string_view format, const Sizes &sizes) const;
    Workspace make_workspace(const Shape &input) const;
    Workspace make_workspace(const Shape &input, const Shape &output) const;
    Workspace make_workspace(const Shape &input, const Shape &residual, const Shape &output) const;

protected:
    /// \throws std::invalid_argument if the sizes are too large together
    explicit AnyLayer(detail::LayerSetup setup);
    AnyLayer(AnyLayer &&) = default;
    AnyLayer &operator=(AnyLayer &&) = default;

    const detail::LayerSetup &setup() const noexcept { return setup_; }
    KernelTable kernels() const noexcept { return kernels_; }
    /// Padding or cropping for an input of `length` samples.
    Ends ends_for(std::int64_t length) const noexcept;
    void set_num_channels(std::int64_t channels) noexcept {
        setup_.num_channels = channels;
        plan_is_kept_ = false;
    }

    /// \param output  null for a dense one
    /// \param residual  null for none
    detail::Fault make_plan(const Shape &input, const Shape *output, const Shape *residual,
                            detail::Plan &plan) const noexcept;
    /// All of a plan but its kernel.
    detail::Fault plan_shapes(const Shape &input, const Shape *output, const Shape *residual,
                              detail::Plan &plan) const noexcept;
    detail::Plan checked_plan(const Shape &input, const Shape *output = nullptr,
                              const Shape *residual = nullptr) const;
    detail::Plan checked_shapes(const Shape &input) const;
    /// Keeps a plan, so that calls like the one it was made for need no other. Setters forget it.
    void keep_plan(const detail::Plan &plan);
    /// The kept one, if it is for these; else null.
    const detail::Plan *kept_plan(const Shape &input, const Shape *output,
                                  const Shape *residual) const noexcept;
    /// Makes the layer's own workspace large enough.
    void grow_workspace(std::size_t bytes_per_thread);
    Workspace &workspace() noexcept { return workspace_; }
    /// Throws what a failed call of the layer's own workspace means.
    [[noreturn]] void fail(const Schedule &schedule, Status status) const;
    [[noreturn]] void refuse(const std::string &sentence) const;
    [[noreturn]] void refuse(detail::Fault fault, const detail::Plan &plan) const;

private:
    double checked_factor(const char *option, double factor) const;

    detail::LayerSetup setup_;
    KernelTable kernels_;
    Target target_;
    std::string schedule_;
    Tier tier_ = Tier::any;
    int threads_ = 1;
    std::shared_ptr<Executor> executor_;
    Workspace workspace_;
    std::shared_ptr<detail::Plan> kept_; ///< no other layer's; its memory stays when it is forgotten
    bool plan_is_kept_ = false;
};

/// Where BasicLayer::backward() puts gradients; what is null is not computed. Each in memory of its own.
template <class T>
struct BasicGradients {
    BasicTensor<T> *input = nullptr;   ///< with format and sizes of the layer's input, any strides
    std::vector<T> *weights = nullptr; ///< in the order of weights()
    std::vector<T> *bias = nullptr;    ///< one for each filter
    /// Adds to what is there, and vectors must have their size; else they get it.
    bool accumulate = false;
};

using Gradients = BasicGradients<float>;
using Gradients64 = BasicGradients<double>;

/// A layer with its parameters and what it computes.
/// \tparam T  float or double
template <class T>
class BasicLayer : public AnyLayer {
public:
    using ConstTensorT = BasicConstTensor<T>;
    using TensorT = BasicTensor<T>;

    /// Column-major FilterSize x NumChannels/Groups x NumFilters for the convolution (PyTorch's
    /// Conv1d.weight), FilterSize x NumFilters/Groups x NumChannels for the transposed one
    /// (ConvTranspose1d.weight). Empty: none yet.
    const std::vector<T> &weights() const noexcept { return weights_; }
    /// Replaces the weights; NumChannels "auto" resolves from the count, once. Takes effect at the next
    /// prepare() or throwing forward(). Empty removes them, so that the initializer runs again. \throws
    /// std::invalid_argument if the count is wrong
    void set_weights(std::vector<T> weights);
    /// One value per filter. Empty: none yet.
    const std::vector<T> &bias() const noexcept { return bias_; }
    /// As set_weights().
    void set_bias(std::vector<T> bias);
    std::int64_t weights_count() const noexcept final { return static_cast<std::int64_t>(weights_.size()); }
    std::int64_t bias_count() const noexcept final { return static_cast<std::int64_t>(bias_.size()); }

    void initialize(std::string_view format, const Sizes &sizes) final;
    void initialize(const ConstTensorT &input);
    void prepare(std::string_view format, const Sizes &sizes) final;
    void prepare(const ConstTensorT &input);
    /// For an output that is a view, so that another kernel may run than for a dense one. Neither is written.
    void prepare(const ConstTensorT &input, const ConstTensorT &output);
    void prepare(const ConstTensorT &input, const ConstTensorT &residual, const ConstTensorT &output);

    using AnyLayer::kernel_for;
    const Kernel &kernel_for(const ConstTensorT &input, const ConstTensorT &output) const {
        return AnyLayer::kernel_for(input.shape(), output.shape());
    }
    using AnyLayer::make_workspace;
    Workspace make_workspace(const ConstTensorT &input) const {
        return AnyLayer::make_workspace(input.shape());
    }
    Workspace make_workspace(const ConstTensorT &input, const ConstTensorT &output) const {
        return AnyLayer::make_workspace(input.shape(), output.shape());
    }
    Workspace make_workspace(const ConstTensorT &input, const ConstTensorT &residual,
                             const ConstTensorT &output) const {
        return AnyLayer::make_workspace(input.shape(), residual.shape(), output.shape());
    }

    /// The layer's output in a new tensor; prepares where needed.
    /// \throws std::invalid_argument; std::runtime_error if the kernel fails or its device is absent;
    /// std::bad_alloc
    TensorT forward(const ConstTensorT &input);
    /// The same into the caller's tensor of output_sizes().
    void forward(const ConstTensorT &input, TensorT &output);
    /// The layer's output plus `residual`, element by element, after the activation. The residual has format
    /// and sizes of the output, any strides, and may be the output itself.
    void forward(const ConstTensorT &input, const ConstTensorT &residual, TensorT &output);
    /// The same for real-time code: neither allocates nor throws.
    /// \return invalid_argument where the others throw it; workspace_too_small;
    ///         not_initialized unless prepare() packed the weights for the kernel of such an input and output
    ///         since weights or bias last changed; otherwise as run_kernel()
    Status forward(const ConstTensorT &input, TensorT &output, Workspace &workspace) const noexcept;
    Status forward(const ConstTensorT &input, const ConstTensorT &residual, TensorT &output,
                   Workspace &workspace) const noexcept;
    /// forward() under the name that inference has: the two compute the same.
    template <class... Arguments>
    auto predict(Arguments &&...arguments) {
        return forward(std::forward<Arguments>(arguments)...);
    }
    Status predict(const ConstTensorT &input, TensorT &output, Workspace &workspace) const noexcept {
        return forward(input, output, workspace);
    }

    /// The gradients of a scalar L with respect to input, weights and bias, from its gradient g with respect
    /// to the output. For an observation, with a the input after the input activation, z the sums before the
    /// activation, and dz = activation'(z) * g:
    ///
    ///   dL/dbias(f)          = sum over i of dz(i, f)
    ///   dL/dweights(k, c, f) = sum over i of dz(i, f) * padded(a)(i*stride + k*dilation - left, c)
    ///   dL/dinput(n, c)      = input_activation'(x(n, c)) * sum over f, i, k of weights(k, c, f) * dz(i, f),
    ///                          where the padded sample i*stride + k*dilation - left is n or repeats it
    ///
    /// and of the transposed layer, whose positions n*stride + k*dilation - left are those of its output:
    ///
    ///   dL/dweights(k, f, c) = sum over n of a(n, c) * dz(n*stride + k*dilation - left, f)
    ///   dL/dinput(n, c)      = input_activation'(x(n, c)) *
    ///                          sum over f, k of weights(k, f, c) * dz(n*stride + k*dilation - left, f)
    ///
    /// Those of weights and bias are summed over the observations. A padded sample counts for the one that it
    /// repeats, a constant one for the weights only. The gradient of a residual is g itself. With an
    /// activation, z is computed again: no forward() is needed before. The result does not depend on the
    /// number of threads, to the bit. The layer keeps the memory of what is computed on the way.
    ///
    /// \param output_gradient  g, with format and sizes of the layer's output and any strides
    /// \param gradients        which are wanted; the input's may be a view
    /// \throws as forward(); std::invalid_argument, before anything is written, also if a gradient has other
    ///         sizes, the vectors have others and are to be accumulated in, one that is written shares memory
    ///         with another or with what is read, or the target has no kernels for gradients (GPUs)
    void backward(const ConstTensorT &input, const ConstTensorT &output_gradient,
                  const BasicGradients<T> &gradients);

protected:
    /// \throws std::invalid_argument also if weights or bias have a wrong count
    BasicLayer(detail::LayerSetup setup, std::vector<T> weights, std::vector<T> bias);

private:
    friend class detail::Backward<T>;

    /// Parameters packed as one block size and weight order want them; several schedules may share them.
    struct Packed {
        int filter_block;
        WeightOrder order;
        PackedParameters<T> parameters;
    };

    void initialize(const detail::Plan &plan);
    std::vector<T> first_values(std::string_view option, const detail::ParameterSettings &settings,
                                const Sizes &size, std::int64_t channels, std::uint64_t stream) const;
    void prepare(const detail::Plan &plan);
    void forward(const ConstTensorT &input, const ConstTensorT *residual, TensorT &output);
    Status forward(const ConstTensorT &input, const ConstTensorT *residual, TensorT &output,
                   Workspace &workspace) const noexcept;
    void forward(const detail::Plan &plan, const ConstTensorT &input, const ConstTensorT *residual,
                 TensorT &output);
    Status forward(const detail::Plan &plan, const ConstTensorT &input, const ConstTensorT *residual,
                   TensorT &output, Workspace &workspace) const noexcept;
    /// One kernel call, or several where batches do not fold.
    Status run(const detail::Plan &plan, const T *input, const T *residual, T *output,
               Workspace &workspace) const noexcept;
    const PackedParameters<T> *packed_for(const Schedule &schedule) const noexcept;
    void forget_packed() noexcept;

    std::vector<T> weights_, bias_;
    std::vector<Packed> packed_;
    std::vector<T> backward_memory_[4]; ///< signals between the steps of backward()
    /// Those of the kernel that a step of backward() used last, until weights or bias are others.
    struct BackwardParameters {
        PackedParameters<T> parameters;
        int filter_block = 0; ///< 0: none
        WeightOrder order = WeightOrder::channel_inner;
        Operation operation = Operation::convolution;
        std::int64_t taps = 0;
        const T *weights = nullptr; ///< where the first tap's begin
    };
    BackwardParameters backward_forward_;
    BackwardParameters backward_adjoint_, backward_reversed_; ///< the other operation; the same one, reversed
};

using Layer = BasicLayer<float>;
using Layer64 = BasicLayer<double>;

} // namespace conv1d
