#pragma once

#include "conv1d/run_kernel.h"

#include "reference.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace conv1d::testing {

inline bool filters_minimally(const Kernel &kernel) {
    return kernel.schedule->weight_order == WeightOrder::minimal_filter;
}

/// The output may have got a value that is not finite by minimal filtering, from a sample that is none of its
/// own.
inline bool shares_products(const Kernel &kernel, const Value &expected) {
    return filters_minimally(kernel) && !std::isfinite(expected.error);
}

/// A problem's arrays, float or double as it says (kept as double, which holds a float exactly), filled with
/// seeded noise, the same whatever the memory, the output between guard bands of NaN: a write outside of it,
/// or an output left unwritten, is seen.
class KernelRun {
public:
    /// \param gap  elements left free between neighbours of the slowest index, of input and output
    KernelRun(const Kernel &kernel, Problem problem, unsigned seed = 1, std::int64_t gap = 0);
    KernelRun(const Kernel &kernel, Problem problem, unsigned seed, Strides input, Strides output);

    /// In a workspace of exactly the bytes that the schedule says it needs.
    Status run(int threads = 1, std::shared_ptr<Executor> executor = nullptr);
    Status run_in(Workspace &workspace);

    /// Empty, or a sentence about the first output that is wrong and about any guard that was written.
    std::string check() const;

    /// Takes weights and bias from a run of the same sizes.
    void copy_parameters(const KernelRun &other) {
        weights_ = other.weights_;
        bias_ = other.bias_;
        expected_ = nullptr;
    }

    /// Gives every filter the weights and the bias of the first of its group.
    void repeat_first_filter();

    double &input(std::int64_t position, std::int64_t channel, std::int64_t batch);
    /// What the definition gives; of all outputs at once, and once for all runs of the same numbers, whatever
    /// their kernels and memory: it takes far longer than a kernel.
    Value expected(std::int64_t position, std::int64_t filter, std::int64_t batch) const;
    double output(std::int64_t position, std::int64_t filter, std::int64_t batch) const;
    /// The first output; there are guard elements before it and after the last.
    double *output_start() { return output_.data() + guard; }
    bool same_bits(const KernelRun &other) const;
    bool untouched() const;
    const Problem &problem() const { return problem_; }
    std::size_t peak_bytes() const { return peak_bytes_; }
    const std::string &error() const { return error_; }

    static constexpr std::size_t guard = 64;

private:
    template <class T>
    Status run_as(Workspace &workspace);
    std::size_t place(std::int64_t position, std::int64_t filter, std::int64_t batch) const;
    std::shared_ptr<const std::vector<Value>> find_expected() const;

    const Kernel &kernel_;
    Problem problem_;
    Strides input_strides_;
    Strides output_strides_;
    std::vector<double> input_, weights_, bias_, residual_, output_;
    mutable std::shared_ptr<const std::vector<Value>> expected_; ///< null: not looked for since a change
    std::size_t peak_bytes_ = 0;
    std::string error_;
};

/// "x86/avx2_filters on x86-64-avx2", for messages; and with underscores only, for test names.
std::string describe(const Kernel &kernel);
std::string test_name(const Kernel &kernel);

} // namespace conv1d::testing
