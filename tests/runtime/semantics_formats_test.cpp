// Section 5 of the meaning of the layers, formats: a test for each row, named after it.
#include "conv1d/layers.h"

#include "error_of.h"
#include "format_check.h"

#include <HalideRuntime.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace conv1d {
namespace {

using testing::differs_from_the_definition;
using testing::error_of;
using testing::noise;
using testing::Spread;

constexpr std::int64_t length = 53, channels = 5, batch = 3, time_steps = 4, filters = 50, taps = 3;

/// Enough filters for every schedule to apply.
Convolution1DLayer convolution() {
    return Convolution1DLayer(
        taps, filters,
        {padding(1, 2), weights(noise(taps * channels * filters, 1)), bias(noise(filters, 2)), name("c")});
}

TransposedConvolution1DLayer transposed() {
    return TransposedConvolution1DLayer(taps, filters,
                                        {stride(2), cropping(1, 0),
                                         weights(noise(taps * filters * channels, 3)),
                                         bias(noise(filters, 4)), name("t")});
}

std::vector<std::unique_ptr<Layer>> both_layers() {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(std::make_unique<Convolution1DLayer>(convolution()));
    layers.push_back(std::make_unique<TransposedConvolution1DLayer>(transposed()));
    return layers;
}

Sizes sizes_of(const std::string &format) {
    const bool spatial = format.find('S') != std::string::npos;
    std::vector<std::int64_t> sizes;
    for (const char label : format) {
        sizes.push_back(label == 'C'   ? channels
                        : label == 'B' ? batch
                        : label == 'S' ? length
                        : spatial      ? time_steps
                                       : length);
    }
    return sizes;
}

Tensor filled(const std::string &format, unsigned seed = 5) {
    Tensor x(format, sizes_of(format));
    const std::vector<float> values = noise(x.elements(), seed);
    std::copy(values.begin(), values.end(), x.data());
    return x;
}

bool same_bits(const ConstTensor &a, const ConstTensor &b) {
    return a.elements() == b.elements() &&
           std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.elements()) * sizeof(float)) == 0;
}

/// Dense input and output of both layers: the definition's values, the input's format, and sizes of which
/// only the convolved one and C are other than the input's.
void expect_as_defined(const std::string &format) {
    SCOPED_TRACE(format);
    const Tensor x = filled(format);
    for (const auto &layer : both_layers()) {
        const Tensor y = layer->forward(x);
        const Problem problem = layer->problem_for(format, x.sizes());
        ASSERT_EQ(y.format(), format);
        for (int i = 0; i < x.sizes().rank(); i++) {
            const char label = format[static_cast<std::size_t>(i)];
            const bool convolved = label == testing::Labels<float>(x).position();
            EXPECT_EQ(y.sizes()[i], label == 'C' ? filters
                                    : convolved  ? problem.output_length()
                                                 : x.sizes()[i]);
        }
        EXPECT_EQ(differs_from_the_definition(*layer, x, y), "") << layer->name();
    }
}

/// Every order of the labels.
void expect_all_orders_as_defined(std::string labels) {
    std::sort(labels.begin(), labels.end());
    do {
        expect_as_defined(labels);
    } while (std::next_permutation(labels.begin(), labels.end()));
}

TEST(Semantics5, TimeSeriesCBT) {
    expect_as_defined("CBT");
}

TEST(Semantics5, OneDimensionalImageSCB) {
    expect_as_defined("SCB");
}

TEST(Semantics5, SequenceOfImagesSCBT) {
    expect_as_defined("SCBT");
}

TEST(Semantics5, OneObservationCT) {
    expect_as_defined("CT");
}

TEST(Semantics5, OneObservationSC) {
    expect_as_defined("SC");
}

TEST(Semantics5, OneObservationSCT) {
    expect_as_defined("SCT");
}

TEST(Semantics5, OtherMemoryOrdersOfTheSameLabels) {
    for (const char *labels : {"CBT", "SCB", "SCBT", "CT", "SC", "SCT"})
        expect_all_orders_as_defined(labels);
}

TEST(Semantics5, EachOrderHasKernelsOfItsOwn) {
    const Convolution1DLayer layer = convolution();
    const auto order = [&](const std::string &format) {
        return layer.kernel_for(format, sizes_of(format)).order;
    };
    for (const char *format : {"SCB", "SC", "SCBT", "SCT", "SBC", "TC", "TCB"})
        EXPECT_EQ(order(format), MemoryOrder::scb) << format;
    for (const char *format : {"CBT", "CT", "CSB", "CTB", "CS", "CST", "CBST"})
        EXPECT_EQ(order(format), MemoryOrder::cbt) << format;
    for (const char *format : {"BCS", "BSC", "BTC", "TSCB", "TCS", "BTSC"})
        EXPECT_EQ(order(format), MemoryOrder::strided) << format;
}

TEST(Semantics5, EachTimeStepOnItsOwn) {
    const Tensor x = filled("SCBT");
    for (const auto &layer : both_layers()) {
        const Tensor y = layer->forward(x);
        for (std::int64_t t = 0; t < time_steps; t++) {
            const ConstTensor step("SCB", sizes_of("SCB"), x.data() + t * x.stride('T'));
            const Tensor alone = layer->forward(step);
            EXPECT_EQ(std::memcmp(alone.data(), y.data() + t * y.stride('T'),
                                  static_cast<std::size_t>(alone.elements()) * sizeof(float)),
                      0)
                << layer->name() << ", time step " << t;
        }
    }
}

// Views.

TEST(Semantics5, SlicedInputThroughStrides) {
    for (const std::string format : {"SCB", "CBT", "SCBT", "SC", "CT", "SCT"}) {
        for (const std::int64_t step : {1, 2, 3}) {
            SCOPED_TRACE(format + ", step " + std::to_string(step));
            Spread memory(format, sizes_of(format), step);
            memory.fill(6);
            const Tensor x = memory.view();
            for (const auto &layer : both_layers()) {
                const Tensor y = layer->forward(x);
                EXPECT_EQ(differs_from_the_definition(*layer, x, y), "") << layer->name();
            }
            EXPECT_TRUE(memory.room_is_untouched());
        }
    }
}

TEST(Semantics5, SlicedOutputThroughStrides) {
    for (const std::string format : {"SCB", "CBT", "SCBT", "SC", "CT", "SCT", "BCS"}) {
        for (const std::int64_t step : {1, 2, 3}) {
            SCOPED_TRACE(format + ", step " + std::to_string(step));
            const Tensor x = filled(format);
            for (const auto &layer : both_layers()) {
                Spread memory(format, layer->output_sizes(format, x.sizes()), step);
                Tensor y = memory.view();
                layer->forward(x, y);
                EXPECT_EQ(differs_from_the_definition(*layer, x, y), "") << layer->name();
                EXPECT_TRUE(memory.room_is_untouched());
                EXPECT_EQ(layer->kernel_for(x, y).order == MemoryOrder::strided, step > 1 || format == "BCS");
            }
        }
    }
}

/// One of the two has neighbouring positions, the other neighbouring channels.
TEST(Semantics5, InputAndOutputOfDifferentContiguousLabels) {
    const Tensor x = filled("SC");
    for (const auto &layer : both_layers()) {
        const Sizes sizes = layer->output_sizes("SC", x.sizes());
        std::vector<float> memory(static_cast<std::size_t>(sizes[0] * filters));
        Tensor y("SC", sizes, {filters, 1}, memory.data());
        EXPECT_EQ(layer->kernel_for(x, y).order, MemoryOrder::strided);
        layer->forward(x, y);
        EXPECT_EQ(differs_from_the_definition(*layer, x, y), "") << layer->name();
    }
}

TEST(Semantics5, StridesOfSingleElementsDoNotMatter) {
    Convolution1DLayer layer(1, 1, {weights({2})});
    float in = 3, out = 0;
    const Tensor x("SCB", {1, 1, 1}, {1000000000000, 7, 5}, &in);
    Tensor y("SCB", {1, 1, 1}, {9, 9, 9}, &out);
    EXPECT_EQ(layer.kernel_for(x, y).order, MemoryOrder::scb);
    layer.forward(x, y);
    EXPECT_EQ(out, 6);
}

// SCBT as a batch. A kernel of our own tells how it was called.

struct Call {
    int batch;
    const float *input;
};
std::vector<Call> calls;

int record(const void *, halide_buffer_t *input, halide_buffer_t *, halide_buffer_t *, halide_buffer_t *,
           std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t, double, std::int32_t, double,
           std::int32_t, double, std::int32_t, std::int32_t, halide_buffer_t *) {
    calls.push_back({input->dim[3].extent, reinterpret_cast<const float *>(input->host)});
    return 0;
}

constexpr Schedule recording{"test/recording",
                             {1, 1},
                             WeightOrder::tap_inner,
                             [](const Problem &) noexcept -> const char * { return nullptr; },
                             [](const Problem &) noexcept { return std::size_t{0}; }};

/// Runs that kernel on an input and an output of those strides.
void record_calls(const std::string &format, const Sizes &strides, const std::vector<float> &memory) {
    const Kernel kernel{&recording,       Operation::convolution,         ElementType::float32,
                        MemoryOrder::scb, best_target(builtin_kernels()), record};
    Convolution1DLayer layer(1, 2, {weights(noise(2 * channels, 1))});
    layer.set_kernels({&kernel, 1});
    calls.clear();
    const ConstTensor x(format, sizes_of(format), strides, memory.data());
    std::vector<float> out(memory.size());
    Tensor y(format, layer.output_sizes(format, x.sizes()), strides, out.data());
    layer.forward(x, y);
}

TEST(Semantics5, ScbtIsFoldedIntoTheBatchWhereTheStridesAllowIt) {
    const std::vector<float> memory(10000);
    constexpr std::int64_t row = 60, observation = row * channels;
    for (const auto &[format, strides] :
         {std::pair{"SCBT", Sizes{1, row, observation, batch * observation}},
          std::pair{"SCBT", Sizes{1, row, time_steps * observation, observation}},
          std::pair{"SCTB", Sizes{1, row, observation, time_steps * observation}}}) {
        record_calls(format, strides, memory);
        ASSERT_EQ(calls.size(), 1U) << format;
        EXPECT_EQ(calls[0].batch, batch * time_steps);
    }
}

TEST(Semantics5, ScbtIsLoopedWhereTheStridesDoNotFold) {
    const std::vector<float> memory(10000);
    constexpr std::int64_t observation = length * channels, step = batch * observation + 1;
    record_calls("SCBT", {1, length, observation, step}, memory);
    ASSERT_EQ(calls.size(), 3U) << "once for each index of the smaller label, B";
    for (std::size_t b = 0; b < calls.size(); b++) {
        EXPECT_EQ(calls[b].batch, time_steps);
        EXPECT_EQ(calls[b].input, memory.data() + static_cast<std::int64_t>(b) * observation);
    }
}

TEST(Semantics5, LoopedAndFoldedScbtGiveTheSameBits) {
    const Tensor x = filled("SCBT");
    for (const auto &layer : both_layers()) {
        const Tensor folded = layer->forward(x);
        Spread memory("SCBT", folded.sizes(), 1);
        Tensor looped = memory.view();
        ASSERT_EQ(layer->kernel_for(x, looped).schedule, layer->kernel_for("SCBT", x.sizes()).schedule);
        layer->forward(x, looped);
        for (std::int64_t t = 0; t < time_steps; t++) {
            for (std::int64_t b = 0; b < batch; b++) {
                for (std::int64_t f = 0; f < filters; f++) {
                    const auto row = [&](const Tensor &y) {
                        return y.data() + f * y.stride('C') + b * y.stride('B') + t * y.stride('T');
                    };
                    ASSERT_EQ(std::memcmp(row(looped), row(folded),
                                          static_cast<std::size_t>(folded.size('S')) * sizeof(float)),
                              0);
                }
            }
        }
        EXPECT_TRUE(memory.room_is_untouched());
    }
}

/// The shared threads, and the most of them that were asked for.
class WatchedExecutor : public Executor {
public:
    void run(int workers, void (*work)(void *, int), void *state) noexcept override {
        most = std::max(most, workers);
        threads_->run(workers, work, state);
    }
    void reserve(int workers) override { threads_->reserve(workers); }
    int most = 1;

private:
    std::shared_ptr<Executor> threads_ = shared_executor();
};

TEST(Semantics5, ThreadsGiveTheSameBitsInEveryFormat) {
    for (const std::string format : {"SCBT", "BCS", "TSCB", "CBT"}) {
        Sizes sizes = sizes_of(format);
        sizes[static_cast<int>(format.find(format.find('S') == std::string::npos ? 'T' : 'S'))] = 5 * length;
        Convolution1DLayer layer(taps, 4 * filters, {weights(noise(taps * channels * 4 * filters, 7))});
        Tensor x(format, sizes);
        const std::vector<float> in = noise(x.elements(), 8);
        std::copy(in.begin(), in.end(), x.data());
        const Tensor one = layer.forward(x);
        const auto executor = std::make_shared<WatchedExecutor>();
        layer.set_executor(executor);
        layer.set_threads(2);
        EXPECT_TRUE(same_bits(layer.forward(x), one)) << format;
        EXPECT_EQ(executor->most, 2) << format;
    }
}

// Labels that layers refuse.

constexpr const char *supported =
    "; expected the labels SCB, CBT, SCBT, SC, CT or SCT, each once, in any order";

void expect_refused(const std::string &format) {
    const Sizes sizes(std::vector<std::int64_t>(format.size(), 2));
    const Tensor x(format, sizes); // is valid
    for (const auto &layer : both_layers()) {
        const std::string title =
            layer->name() == "c" ? "convolution1dLayer 'c'" : "transposedConv1dLayer 't'";
        EXPECT_EQ(error_of([&] { (void)layer->forward(x); }),
                  title + ": format is '" + format + "'" + supported);
    }
}

TEST(Semantics5, UnspecifiedLabelsAreValidOnATensorAndRefusedByBothLayers) {
    for (const char *format : {"SCU", "UCS", "CU", "CTU", "U", "SCBU", "UU"})
        expect_refused(format);
}

TEST(Semantics5, RepeatedLabelsAreValidOnATensorAndRefusedByBothLayers) {
    for (const char *format : {"SCBB", "CTT", "SCC", "CBBT", "SCTT"})
        expect_refused(format);
}

TEST(Semantics5, TwoSpatialLabelsAreRefused) {
    for (const char *format : {"SSC", "SCS", "SSCB", "SSCBT"})
        expect_refused(format);
}

TEST(Semantics5, NoChannelIsRefused) {
    for (const char *format : {"S", "SB", "BT", "T", "SBT"})
        expect_refused(format);
}

TEST(Semantics5, NeitherSpatialNorTimeIsRefused) {
    for (const char *format : {"C", "CB", "BC", "CU"})
        expect_refused(format);
}

} // namespace
} // namespace conv1d
