#include "commands.h"
#include "kernel_list.h"
#include "layer_maker.h"

#include "bench/machine.h"
#include "bench/roofline.h"
#include "bench/verify.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace conv1d::tool {
namespace {

using Clock = std::chrono::steady_clock;
using Record = nlohmann::ordered_json; // name and value of each result, in the order of print

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A layer with noise for its input, weights and bias.
template <class T>
class TimedLayer {
public:
    TimedLayer(const Options &options, const Problem &problem)
        : problem_(problem), input_(noise(problem.batch * problem.channels * problem.length)),
          weights_(noise(problem.channels_per_group() * problem.filters * problem.taps)),
          bias_(noise(problem.filters)) {
        make_first_call(options);
    }

    /// Seconds that making the layer, preparing it, and its first forward took together.
    double first_call() const { return first_call_; }

    /// \throws std::runtime_error unless the first call's output is as the definition says
    void verify() const {
        const testing::Arrays<T> arrays{
            {input_.data(), strides_of(x_.shape())}, weights_.data(), bias_.data(), {}};
        const std::string wrong = bench::verify_samples<T>(
            problem_, arrays, {output_.data(), strides_of(output_.shape())}, kernel().schedule->tile.filters);
        if (!wrong.empty())
            throw std::runtime_error(to_string(problem_) + " on " + to_string(kernel().target) + " by " +
                                     kernel().schedule->name + ": " + wrong);
    }

    /// Seconds of one forward, as the mean of `calls`.
    double time(int calls) {
        const Clock::time_point start = Clock::now();
        for (int i = 0; i < calls; i++) {
            if (const Status status = setup_.layer->forward(x_, output_, workspace_); status != Status::ok)
                throw std::runtime_error(std::string("forward failed: ") + to_string(status));
        }
        return seconds_since(start) / calls;
    }

    const Kernel &kernel() const { return setup_.layer->kernel_for(setup_.format, setup_.sizes); }
    std::size_t workspace_bytes() const { return workspace_.bytes_per_thread(); }

private:
    std::vector<T> noise(std::int64_t count) { return bench::noise<T>(count, random_); }

    void make_first_call(const Options &options) {
        std::vector<T> weights = weights_, bias = bias_;
        const Sizes sizes = input_sizes(options);
        x_ = BasicConstTensor<T>(options.format, sizes, input_.data());
        output_ =
            BasicTensor<T>(options.format, make_setup<T>(options).layer->output_sizes(options.format, sizes));
        std::fill_n(output_.data(), output_.elements(), std::numeric_limits<T>::quiet_NaN());
        const Clock::time_point start = Clock::now();
        setup_ = make_setup<T>(options);
        setup_.layer->set_weights(std::move(weights));
        setup_.layer->set_bias(std::move(bias));
        setup_.layer->prepare(x_);
        setup_.layer->forward(x_, output_);
        first_call_ = seconds_since(start);
        workspace_ = setup_.layer->make_workspace(x_);
    }

    /// Of a dense tensor, whose B and T beside S are one batch.
    static Strides strides_of(const Shape &shape) {
        const bool spatial = shape.has('S');
        const std::int64_t batch = shape.has('B')              ? shape.stride('B')
                                   : spatial && shape.has('T') ? shape.stride('T')
                                                               : 0;
        return {shape.stride(spatial ? 'S' : 'T'), shape.stride('C'), batch};
    }

    Problem problem_;
    std::mt19937 random_{1};
    std::vector<T> input_, weights_, bias_;
    BasicConstTensor<T> x_;
    BasicTensor<T> output_;
    Setup<T> setup_;
    Workspace workspace_;
    double first_call_ = 0;
};

struct Times {
    std::vector<double> seconds; ///< of one forward, a sample each
    double peak_gflops;
};

/// Samples of a millisecond or more each, the FMA peak taking turns with them: 100, or as many as fit 2
/// seconds, but at least 5.
template <class T>
Times sample(TimedLayer<T> &layer, int threads) {
    const auto processors = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    bench::Roofline roofline(std::min(threads, processors));
    const Target target = layer.kernel().target;
    const int calls = static_cast<int>(std::clamp(1e-3 / layer.time(1), 1.0, 1e5));
    Times times{};
    const Clock::time_point start = Clock::now();
    while (times.seconds.size() < 5 || (times.seconds.size() < 100 && seconds_since(start) < 2)) {
        roofline.sample_peak(target);
        times.seconds.push_back(layer.time(calls));
    }
    std::ranges::sort(times.seconds);
    constexpr double of_float32 = element_of<T> == ElementType::float32 ? 1 : 0.5; // half as many lanes
    times.peak_gflops = of_float32 * roofline.peak_gflops(target);
    return times;
}

template <class T>
Record record_of(const Options &options, const Problem &problem, const TimedLayer<T> &layer,
                 const Times &times) {
    const Kernel &kernel = layer.kernel();
    const double minimum = times.seconds.front(), median = times.seconds[times.seconds.size() / 2];
    const double gflops = 1e-9 * problem.flops() / minimum;
    return {{"problem", to_string(problem)},
            {"format", options.format},
            {"kernel", kernel_name(kernel)},
            {"schedule", kernel.schedule->name},
            {"instruction_set", to_string(kernel.target)},
            {"threads", options.threads},
            {"minimum_ms", 1e3 * minimum},
            {"median_ms", 1e3 * median},
            {"samples", times.seconds.size()},
            {"first_call_ms", 1e3 * layer.first_call()},
            {"gflops", gflops},
            {"fma_peak_gflops", times.peak_gflops},
            {"percent_of_peak", 100 * gflops / times.peak_gflops},
            {"workspace_bytes_per_thread", layer.workspace_bytes()},
            {"processor", bench::processor()},
            {"version", CONV1D_VERSION}};
}

void print_table(const Record &record, std::ostream &out) {
    for (const auto &[name, value] : record.items()) {
        out << std::left << std::setw(28) << name;
        if (value.is_string())
            out << value.get<std::string>() << '\n';
        else if (value.is_number_float())
            out << std::setprecision(4) << value.get<double>() << '\n';
        else
            out << value << '\n';
    }
    out << "Verified first, in double precision. gflops is of the minimum; the FMA peak was measured in "
           "turns with "
           "it.\n";
}

template <class T>
Record time_as(const Options &options, const Problem &problem) {
    TimedLayer<T> layer(options, problem);
    layer.verify();
    return record_of(options, problem, layer, sample(layer, options.threads));
}

} // namespace

void time(const Options &options, std::ostream &out) {
    const Problem problem = problem_of(options);
    check_memory(problem);
    const Record record = problem.element == ElementType::float32 ? time_as<float>(options, problem)
                                                                  : time_as<double>(options, problem);
    if (options.json)
        out << record.dump(2) << '\n';
    else
        print_table(record, out);
}

} // namespace conv1d::tool
