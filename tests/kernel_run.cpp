#include "kernel_run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <random>
#include <sstream>
#include <unordered_map>

namespace conv1d::testing {
namespace {

constexpr double untouched_value = std::numeric_limits<double>::quiet_NaN();

Strides gapped_strides(MemoryOrder order, std::int64_t length, std::int64_t channels, std::int64_t batch,
                       std::int64_t gap) {
    Strides s = dense_strides(order, length, channels, batch);
    (order == MemoryOrder::scb ? s.batch : s.position) += gap;
    if (order == MemoryOrder::strided)
        return {2 * s.position, 2 * s.channel, 2 * s.batch}; // no neighbours at all
    return s;
}

std::size_t span(Strides s, std::int64_t length, std::int64_t channels, std::int64_t batch) {
    return static_cast<std::size_t>((length - 1) * s.position + (channels - 1) * s.channel +
                                    (batch - 1) * s.batch + 1);
}

/// Numbers of the element type in [-1, 1).
void fill_with_noise(std::vector<double> &values, ElementType element, std::mt19937 &random) {
    std::uniform_real_distribution<float> noise(-1.0f, 1.0f);
    std::uniform_real_distribution<double> long_noise(-1.0, 1.0);
    for (double &value : values)
        value = element == ElementType::float32 ? double{noise(random)} : long_noise(random);
}

std::size_t offset(Strides s, std::int64_t position, std::int64_t channel, std::int64_t batch) {
    return static_cast<std::size_t>(position * s.position + channel * s.channel + batch * s.batch);
}

/// Calls visit(place in the array) for every element, in an order that does not depend on the memory.
template <class Visit>
void for_each_element(Strides s, std::int64_t length, std::int64_t channels, std::int64_t batch,
                      const Visit &visit) {
    for (std::int64_t n = 0; n < batch; n++) {
        for (std::int64_t c = 0; c < channels; c++) {
            for (std::int64_t i = 0; i < length; i++)
                visit(offset(s, i, c, n));
        }
    }
}

/// Outputs by what they are computed from, of this program.
class ExpectedOutputs {
public:
    using Outputs = std::shared_ptr<const std::vector<Value>>;

    template <class Make>
    Outputs get(const std::string &source, const Make &make) {
        {
            const std::lock_guard lock(mutex_);
            if (const auto found = outputs_.find(source); found != outputs_.end())
                return found->second;
        }
        const Outputs made = std::make_shared<const std::vector<Value>>(make());
        const std::lock_guard lock(mutex_);
        bytes_ += source.size() + made->size() * sizeof(Value);
        if (bytes_ > most_bytes) {
            outputs_.clear();
            bytes_ = 0;
        }
        outputs_[source] = made;
        return made;
    }

private:
    static constexpr std::size_t most_bytes = std::size_t{256} << 20;

    std::mutex mutex_;
    std::unordered_map<std::string, Outputs> outputs_;
    std::size_t bytes_ = 0;
};

} // namespace

KernelRun::KernelRun(const Kernel &kernel, Problem problem, unsigned seed, std::int64_t gap)
    : KernelRun(kernel, problem, seed,
                gapped_strides(kernel.order, problem.length, problem.channels, problem.batch, gap),
                gapped_strides(kernel.order, problem.output_length(), problem.filters, problem.batch, gap)) {}

KernelRun::KernelRun(const Kernel &kernel, Problem problem, unsigned seed, Strides input, Strides output)
    : kernel_(kernel), problem_(problem), input_strides_(input), output_strides_(output) {
    problem_.order = kernel.order;
    problem_.element = kernel.element;
    const Problem &p = problem_;
    const std::int64_t out = p.output_length();
    input_.resize(span(input_strides_, p.length, p.channels, p.batch));
    output_.assign(span(output_strides_, out, p.filters, p.batch) + 2 * guard, untouched_value);
    weights_.resize(static_cast<std::size_t>(p.channels_per_group() * p.filters * p.taps));
    bias_.resize(static_cast<std::size_t>(p.filters));
    residual_.resize(p.residual ? output_.size() : 0);
    std::mt19937 random(seed), random_in_gaps(~seed);
    for (auto *array : {&input_, &residual_})
        fill_with_noise(*array, p.element, random_in_gaps);
    std::vector<double> signal(static_cast<std::size_t>(p.length * p.channels * p.batch)),
        residual(static_cast<std::size_t>(p.residual ? out * p.filters * p.batch : 0));
    for (auto *array : {&signal, &weights_, &bias_, &residual})
        fill_with_noise(*array, p.element, random);
    auto next = signal.begin();
    for_each_element(input_strides_, p.length, p.channels, p.batch,
                     [&](std::size_t at) { input_[at] = *next++; });
    next = residual.begin();
    if (p.residual) {
        for_each_element(output_strides_, out, p.filters, p.batch,
                         [&](std::size_t at) { residual_[guard + at] = *next++; });
    }
}

Status KernelRun::run(int threads, std::shared_ptr<Executor> executor) {
    Workspace workspace(scratch_bytes(kernel_, problem_), threads, std::move(executor));
    return run_in(workspace);
}

Status KernelRun::run_in(Workspace &workspace) {
    const Status status =
        problem_.element == ElementType::float32 ? run_as<float>(workspace) : run_as<double>(workspace);
    peak_bytes_ = workspace.peak_bytes();
    error_ = workspace.error();
    return status;
}

template <class T>
Status KernelRun::run_as(Workspace &workspace) {
    const auto typed = [](const std::vector<double> &values) {
        std::vector<T> copy(values.size());
        std::transform(values.begin(), values.end(), copy.begin(),
                       [](double v) { return static_cast<T>(v); });
        return copy;
    };
    const std::vector<T> input = typed(input_), weights = typed(weights_), bias = typed(bias_),
                         residual = typed(residual_);
    std::vector<T> output = typed(output_);
    const PackedParameters<T> packed(*kernel_.schedule, problem_, weights.data(), bias.data());
    Signal<const T> added{nullptr, output_strides_};
    if (problem_.residual)
        added.data = residual.data() + guard;
    const Status status = run_kernel(kernel_, problem_, {input.data(), input_strides_}, packed,
                                     {output.data() + guard, output_strides_}, workspace, added);
    std::copy(output.begin(), output.end(), output_.begin());
    return status;
}

void KernelRun::repeat_first_filter() {
    const Problem &p = problem_;
    const bool forward = p.operation == Operation::convolution;
    const std::int64_t run = forward ? p.channels_per_group() * p.taps : p.taps; // of one filter, contiguous
    const std::int64_t filters = p.filters_per_group();
    for (auto first = weights_.begin(); first != weights_.end(); first += run * filters) {
        for (std::int64_t f = 1; f < filters; f++)
            std::copy(first, first + run, first + f * run);
    }
    for (auto first = bias_.begin(); first != bias_.end(); first += filters)
        std::fill(first, first + filters, *first);
    expected_ = nullptr;
}

std::size_t KernelRun::place(std::int64_t position, std::int64_t filter, std::int64_t batch) const {
    return guard + offset(output_strides_, position, filter, batch);
}

double &KernelRun::input(std::int64_t position, std::int64_t channel, std::int64_t batch) {
    expected_ = nullptr;
    return input_[offset(input_strides_, position, channel, batch)];
}

Value KernelRun::expected(std::int64_t position, std::int64_t filter, std::int64_t batch) const {
    if (expected_ == nullptr)
        expected_ = find_expected();
    const Strides dense = dense_strides(MemoryOrder::scb, problem_.output_length(), problem_.filters, 1);
    return (*expected_)[offset(dense, position, filter, batch)];
}

std::shared_ptr<const std::vector<Value>> KernelRun::find_expected() const {
    static ExpectedOutputs outputs;
    Problem p = problem_;
    p.minimal_filtering = filters_minimally(kernel_); // direct sums have a bound of their own
    const std::int64_t out = p.output_length();
    Problem anywhere = p;
    anywhere.order = MemoryOrder::scb;
    std::string source = to_string(anywhere);
    const auto append = [&](double value) {
        source.append(reinterpret_cast<const char *>(&value), sizeof value);
    };
    for_each_element(input_strides_, p.length, p.channels, p.batch,
                     [&](std::size_t at) { append(input_[at]); });
    for (const auto *array : {&weights_, &bias_})
        std::for_each(array->begin(), array->end(), append);
    if (p.residual) {
        for_each_element(output_strides_, out, p.filters, p.batch,
                         [&](std::size_t at) { append(residual_[guard + at]); });
    }
    return outputs.get(source, [&] {
        const Arrays<double> arrays{
            {input_.data(), input_strides_},
            weights_.data(),
            bias_.data(),
            {residual_.empty() ? nullptr : residual_.data() + guard, output_strides_}};
        return reference_outputs(p, arrays);
    });
}

double KernelRun::output(std::int64_t position, std::int64_t filter, std::int64_t batch) const {
    return output_[place(position, filter, batch)];
}

bool KernelRun::untouched() const {
    return std::all_of(output_.begin(), output_.end(), [](double v) { return std::isnan(v); });
}

bool KernelRun::same_bits(const KernelRun &other) const {
    return output_.size() == other.output_.size() &&
           std::memcmp(output_.data(), other.output_.data(), output_.size() * sizeof(double)) == 0;
}

std::string KernelRun::check() const {
    std::ostringstream wrong;
    wrong.precision(17);
    std::vector<bool> is_output(output_.size(), false);
    for (std::int64_t n = 0; n < problem_.batch; n++) {
        for (std::int64_t f = 0; f < problem_.filters; f++) {
            for (std::int64_t i = 0; i < problem_.output_length(); i++) {
                const Value want = expected(i, f, n);
                const double got = output_[place(i, f, n)];
                is_output[place(i, f, n)] = true;
                if (!(std::abs(got - want.value) <= want.error)) {
                    wrong << "position " << i << ", filter " << f << ", batch " << n << ": " << got
                          << " instead of " << want.value << ", within " << want.error;
                    return wrong.str();
                }
            }
        }
    }
    for (std::size_t i = 0; i < output_.size(); i++) {
        if (!is_output[i] && !std::isnan(output_[i])) {
            wrong << "wrote " << output_[i] << " outside of the output, at element "
                  << static_cast<std::int64_t>(i) - static_cast<std::int64_t>(guard);
            return wrong.str();
        }
    }
    return {};
}

std::string describe(const Kernel &kernel) {
    return std::string(kernel.schedule->name) + " on " + to_string(kernel.target) + ", " +
           to_string(kernel.element) + " " + to_string(kernel.order);
}

std::string test_name(const Kernel &kernel) {
    std::string name = std::string(to_string(kernel.target)) + "_" + kernel.schedule->name +
                       (kernel.operation == Operation::convolution ? "_conv" : "_tconv") + "_" +
                       to_string(kernel.element) + "_" + to_string(kernel.order);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '/'; }, '_');
    return name;
}

} // namespace conv1d::testing
