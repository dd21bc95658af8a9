#include "bench/peers/lengths.h"

#include "bench/interleaved.h"
#include "bench/layer_of.h"
#include "bench/verify.h"
#include "tests/count_allocations.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>

namespace conv1d::bench {
namespace {

double seconds(const Work &work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Input and output of one length, in memory that all lengths share.
struct Views {
    ConstTensor input;
    Tensor output;
};

void expect_ok(Status status) {
    if (status != Status::ok)
        throw std::runtime_error(std::string("a new length: ") + to_string(status));
}

nlohmann::json as_json(const LengthTimes &times) {
    return {{"create", times.create}, {"first", times.first}, {"prepare", times.prepare},
            {"fresh", times.fresh},   {"again", times.again}, {"allocations", times.allocations}};
}

} // namespace

LengthTimes our_new_lengths(const Problem &problem, const std::vector<std::int64_t> &lengths, int threads) {
    std::mt19937 random(1);
    Problem longest = problem;
    longest.length = std::max(problem.length, std::ranges::max(lengths));
    const std::vector<float> input = noise<float>(longest.batch * longest.channels * longest.length, random);
    const std::vector<float> weights =
        noise<float>(problem.channels_per_group() * problem.filters * problem.taps, random);
    std::vector<float> output(
        static_cast<std::size_t>(longest.batch * longest.filters * longest.output_length()));
    const auto views = [&](Problem p, std::int64_t length) {
        p.length = length;
        const Sizes sizes = input_sizes_of(p);
        const Sizes output_sizes = p.order == MemoryOrder::scb ? Sizes{p.output_length(), p.filters, p.batch}
                                                               : Sizes{p.filters, p.output_length(), p.batch};
        return Views{ConstTensor(format_of(p), sizes, input.data()),
                     Tensor(format_of(p), output_sizes, output.data())};
    };

    LengthTimes times;
    std::unique_ptr<conv1d::Layer> layer;
    Workspace workspace;
    Views first = views(problem, problem.length);
    times.create = seconds([&] {
        layer = layer_of(problem);
        layer->set_threads(threads);
        layer->set_weights(weights);
        layer->prepare(first.input, first.output);
        workspace = layer->make_workspace(first.input, first.output);
    });
    times.first = seconds([&] { expect_ok(layer->forward(first.input, first.output, workspace)); });
    times.prepare = seconds([&] {
        for (const std::int64_t length : lengths) {
            const Views v = views(problem, length);
            layer->prepare(v.input, v.output);
            Workspace needed = layer->make_workspace(v.input, v.output);
            if (needed.bytes_per_thread() > workspace.bytes_per_thread())
                workspace = std::move(needed);
        }
    });
    const Work call_all = [&] {
        for (const std::int64_t length : lengths) {
            Views v = views(problem, length);
            expect_ok(layer->forward(v.input, v.output, workspace));
        }
    };
    times.allocations = testing::allocations_of([&] { times.fresh = seconds(call_all); });
    times.again = seconds(call_all);
    return times;
}

nlohmann::json new_lengths(const Problem &problem, const std::vector<std::int64_t> &lengths, int threads) {
    nlohmann::json all{{"ours", as_json(our_new_lengths(problem, lengths, threads))}};
    for (const bool two_dimensional : {false, true}) {
        for (const auto layout : {Posing::Layout::plain, Posing::Layout::reordered}) {
            const Posing posing{two_dimensional, layout};
            if (const auto times = onednn_new_lengths(problem, posing, lengths, threads))
                all["onednn/" + to_string(posing)] = as_json(*times);
        }
    }
    return all;
}

} // namespace conv1d::bench
