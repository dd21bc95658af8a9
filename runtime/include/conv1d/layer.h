#pragma once

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
#include "conv1d/options.h"
#include "conv1d/problem.h"
#include "conv1d/run_kernel.h"
#include "conv1d/status.h"
#include "conv1d/tensor.h"
#include "conv1d/workspace.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conv1d {

/// How padding or cropping is determined: given sizes, or computed from the input's length.
enum class EndsMode { manual, same, causal };

/// "manual", "same" or "causal". Never null.
const char *to_string(EndsMode mode) noexcept;

namespace detail {

enum class Fault : int;
struct Plan;

/// What is set for one of a layer's two arrays besides its values.
struct ParameterSettings {
    std::string initializer; ///< its name; "function" for a function
    InitializerFunction function;
    double learn_rate_factor = 1;
    double l2_factor = 1;
};

/// A layer's hyperparameters and parameters as its options gave them.
struct LayerSetup {
    Operation operation = Operation::convolution;
    std::string name;
    std::int64_t filter_size = 1;
    std::int64_t num_filters = 1;
    std::optional<std::int64_t> num_channels; ///< none: taken from the weights or an input
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    EndsMode mode = EndsMode::manual;
    Ends ends{0, 0}; ///< EndsMode::manual only
    OddEnd same_extra = OddEnd::right;
    PaddingMode padding_mode = PaddingMode::constant;
    double padding_value = 0; ///< as given; the kernels take it as float
    std::vector<float> weights;
    std::vector<float> bias;
    ParameterSettings weights_settings{"glorot", nullptr, 1, 1};
    ParameterSettings bias_settings{"zeros", nullptr, 1, 0};
    std::uint64_t seed = 0;
};

} // namespace detail

/// What both layers share: parameters, the choice of a kernel, and running it.
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
class Layer {
public:
    virtual ~Layer() = default;

    const std::string &name() const noexcept { return setup_.name; }
    void set_name(std::string name) { setup_.name = std::move(name); }
    Operation operation() const noexcept { return setup_.operation; }
    std::int64_t filter_size() const noexcept { return setup_.filter_size; }
    std::int64_t num_filters() const noexcept { return setup_.num_filters; }
    std::int64_t stride() const noexcept { return setup_.stride; }
    /// How padding or cropping is determined, for an input of `length` samples what it is, and which end gets
    /// the odd sample of a `same` total.
    EndsMode ends_mode() const noexcept { return setup_.mode; }
    Ends ends_size(std::int64_t length) const noexcept { return ends_for(length); }
    OddEnd same_extra() const noexcept { return setup_.same_extra; }
    std::uint64_t seed() const noexcept { return setup_.seed; }
    /// None while NumChannels is "auto" and no weights have been set.
    std::optional<std::int64_t> num_channels() const noexcept { return setup_.num_channels; }

    /// Column-major FilterSize x NumChannels x NumFilters for the convolution (PyTorch's Conv1d.weight),
    /// FilterSize x NumFilters x NumChannels for the transposed one (ConvTranspose1d.weight). Empty: none
    /// yet.
    const std::vector<float> &weights() const noexcept { return setup_.weights; }
    /// Replaces the weights; NumChannels "auto" resolves from the count, once. Takes effect at the next
    /// prepare() or throwing forward(). Empty removes them, so that the initializer runs again. \throws
    /// std::invalid_argument if the count is wrong
    void set_weights(std::vector<float> weights);
    /// One value per filter. Empty: none yet.
    const std::vector<float> &bias() const noexcept { return setup_.bias; }
    /// As set_weights().
    void set_bias(std::vector<float> bias);

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

    /// Fills weights and bias by their initializers, each only if it is empty, and resolves NumChannels
    /// "auto" from such an input; what the first throwing forward() or prepare() does too. \throws
    /// std::invalid_argument also if an initializer function returns a wrong count
    void initialize(std::string_view format, const Sizes &sizes);
    void initialize(const ConstTensor &input);

    /// Most threads that one forward uses; 1 unless set. A small problem uses fewer.
    /// \throws std::invalid_argument unless it is from 1 to most_threads
    void set_threads(int threads);
    int threads() const noexcept { return threads_; }
    /// Whose threads; null means shared_executor().
    void set_executor(std::shared_ptr<Executor> executor);
    /// Where kernels are chosen from: builtin_kernels() unless set. Forgets what was forced and chooses the
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

    /// The layer applied to such an input: all sizes and behaviours. Here and below: \throws
    /// std::invalid_argument if the layer refuses an input of this format and sizes.
    Problem problem_for(std::string_view format, const Sizes &sizes) const;
    /// The kernel that would run. It lives as long as the table does.
    const Kernel &kernel_for(std::string_view format, const Sizes &sizes) const;
    /// Where input and output are views: their strides matter to the choice, their values do not.
    const Kernel &kernel_for(const ConstTensor &input, const ConstTensor &output) const;
    Sizes output_sizes(std::string_view format, const Sizes &sizes) const;
    /// Bound on the scratch memory of one forward, per thread.
    std::size_t workspace_bytes(std::string_view format, const Sizes &sizes) const;
    /// A Workspace of that size for threads() threads.
    Workspace make_workspace(std::string_view format, const Sizes &sizes) const;
    Workspace make_workspace(const ConstTensor &input) const;
    Workspace make_workspace(const ConstTensor &input, const ConstTensor &output) const;

    /// Packs the weights for the kernel of such an input, and grows the layer's own workspace: whatever the
    /// first forward() would have to allocate; initializes first. Inputs that use other kernels may be
    /// prepared besides.
    void prepare(std::string_view format, const Sizes &sizes);
    void prepare(const ConstTensor &input);
    /// For an output that is a view, so that another kernel may run than for a dense one. Neither is written.
    void prepare(const ConstTensor &input, const ConstTensor &output);

    /// The layer's output in a new tensor; prepares where needed.
    /// \throws std::invalid_argument; std::runtime_error if the kernel fails or its device is absent;
    /// std::bad_alloc
    Tensor forward(const ConstTensor &input);
    /// The same into the caller's tensor of output_sizes().
    void forward(const ConstTensor &input, Tensor &output);
    /// The same for real-time code: neither allocates nor throws.
    /// \return invalid_argument where the others throw it; workspace_too_small;
    ///         not_initialized unless prepare() packed the weights for the kernel of such an input and output
    ///         since weights or bias last changed; otherwise as run_kernel()
    Status forward(const ConstTensor &input, Tensor &output, Workspace &workspace) const noexcept;
    /// forward() under the name that inference has: the two compute the same.
    Tensor predict(const ConstTensor &input) { return forward(input); }
    void predict(const ConstTensor &input, Tensor &output) { forward(input, output); }
    Status predict(const ConstTensor &input, Tensor &output, Workspace &workspace) const noexcept {
        return forward(input, output, workspace);
    }

protected:
    /// \throws std::invalid_argument if the sizes are too large together, or weights or bias have a wrong
    /// count
    explicit Layer(detail::LayerSetup setup);
    Layer(Layer &&) = default;
    Layer &operator=(Layer &&) = default;

    const detail::LayerSetup &setup() const noexcept { return setup_; }
    /// Padding or cropping for an input of `length` samples.
    virtual Ends ends_for(std::int64_t length) const noexcept = 0;

private:
    /// Parameters packed as one block size and weight order want them; several schedules may share them.
    struct Packed {
        int filter_block;
        WeightOrder order;
        PackedParameters parameters;
    };

    /// \param output  null for a dense one
    detail::Fault make_plan(const Shape &input, const Shape *output, detail::Plan &plan) const noexcept;
    detail::Plan checked_plan(const Shape &input, const Shape *output = nullptr) const;
    void initialize(const detail::Plan &plan);
    std::vector<float> first_values(std::string_view option, const detail::ParameterSettings &settings,
                                    const Sizes &size, std::int64_t channels, std::uint64_t stream) const;
    double checked_factor(const char *option, double factor) const;
    void prepare(const detail::Plan &plan);
    /// One kernel call, or several where batches do not fold.
    Status run(const detail::Plan &plan, const float *input, float *output,
               Workspace &workspace) const noexcept;
    const PackedParameters *packed_for(const Schedule &schedule) const noexcept;
    [[noreturn]] void refuse(const std::string &sentence) const;

    detail::LayerSetup setup_;
    KernelTable kernels_;
    Target target_;
    std::string schedule_;
    int threads_ = 1;
    std::shared_ptr<Executor> executor_;
    std::vector<Packed> packed_;
    Workspace workspace_;
};

} // namespace conv1d
