#pragma once

#include "conv1d/geometry.h"
#include "conv1d/kernel.h"
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

/// A layer's hyperparameters and parameters as its options gave them.
struct LayerSetup {
    Operation operation = Operation::convolution;
    std::string name;
    std::int64_t filter_size = 1;
    std::int64_t num_filters = 1;
    std::optional<std::int64_t> num_channels; ///< none: taken from the weights
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    EndsMode mode = EndsMode::manual;
    Ends ends{0, 0}; ///< EndsMode::manual only
    OddEnd same_extra = OddEnd::right;
    PaddingMode padding_mode = PaddingMode::constant;
    float padding_value = 0;
    std::vector<float> weights;
    std::vector<float> bias;
};

} // namespace detail

/// What both layers share: parameters, the choice of a kernel, and running it.
///
/// Formats. `SCB` and `SC` convolve over S, `CBT` and `CT` over T, `SCT` over S with each time step on its
/// own; so do other orders of the same labels in which C or the convolved label comes first (`CSB` is
/// channels-last). The first label must have stride 1; the others may have any. Outputs have the format of
/// the input, with the convolved size and C changed. No buffer may span more than 2147483647 elements.
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
    std::int64_t filter_size() const noexcept { return setup_.filter_size; }
    std::int64_t num_filters() const noexcept { return setup_.num_filters; }
    std::int64_t stride() const noexcept { return setup_.stride; }
    /// None while NumChannels is "auto" and no weights have been set.
    std::optional<std::int64_t> num_channels() const noexcept { return setup_.num_channels; }

    /// Column-major FilterSize x NumChannels x NumFilters for the convolution (PyTorch's Conv1d.weight),
    /// FilterSize x NumFilters x NumChannels for the transposed one (ConvTranspose1d.weight). Empty: none
    /// yet.
    const std::vector<float> &weights() const noexcept { return setup_.weights; }
    /// Replaces the weights; NumChannels "auto" resolves from the count, once. Takes effect at the next
    /// prepare() or throwing forward(). Empty removes them. \throws std::invalid_argument if the count is
    /// wrong
    void set_weights(std::vector<float> weights);
    /// One value per filter; empty means zeros.
    const std::vector<float> &bias() const noexcept { return setup_.bias; }
    void set_bias(std::vector<float> bias);

    /// Most threads that one forward uses; 1 unless set. A small problem uses fewer.
    /// \throws std::invalid_argument if below 1
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
    Sizes output_sizes(std::string_view format, const Sizes &sizes) const;
    /// Bound on the scratch memory of one forward, per thread.
    std::size_t workspace_bytes(std::string_view format, const Sizes &sizes) const;
    /// A Workspace of that size for threads() threads.
    Workspace make_workspace(std::string_view format, const Sizes &sizes) const;
    Workspace make_workspace(const Tensor &input) const;

    /// Packs the weights for the kernel of such an input, and grows the layer's own workspace: whatever the
    /// first forward() would have to allocate. Inputs that use other kernels may be prepared besides. \throws
    /// std::invalid_argument also if there are no weights
    void prepare(std::string_view format, const Sizes &sizes);
    void prepare(const Tensor &input);

    /// The layer's output in a new tensor; prepares where needed.
    /// \throws std::invalid_argument; std::runtime_error if the kernel fails or its device is absent;
    /// std::bad_alloc
    Tensor forward(const Tensor &input);
    /// The same into the caller's tensor of output_sizes(). Its address range must not overlap the input's,
    /// nor its elements each other.
    void forward(const Tensor &input, Tensor &output);
    /// The same for real-time code: neither allocates nor throws.
    /// \return invalid_argument where the others throw it; workspace_too_small;
    ///         not_initialized unless prepare() was called for this format and these sizes since the weights,
    ///         bias, kernels or forced choices last changed; otherwise as run_kernel()
    Status forward(const Tensor &input, Tensor &output, Workspace &workspace) const noexcept;

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

    detail::Fault make_plan(const Shape &input, detail::Plan &plan) const noexcept;
    detail::Plan checked_plan(const Shape &input) const;
    void prepare(const detail::Plan &plan);
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
