// Layers of any options: made, printed, set, and run on small tensors and views of any format, against the
// definition.
#include "any_options.h"
#include "fuzz.h"

#include "conv1d/display.h"
#include "conv1d/layers.h"
#include "reference.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace conv1d::fuzz {
namespace {

constexpr double most_flops = 1e6;            // of a layer that is run
constexpr std::int64_t most_elements = 50000; // of an array of it

/// False if `call` refuses its arguments, as it may, in a sentence that says what was expected.
bool accepted(const std::function<void()> &call) {
    try {
        call();
        return true;
    } catch (const std::invalid_argument &error) {
        require(std::string(error.what()).find("; expected ") != std::string::npos,
                std::string("an error says what was expected: ") + error.what());
        return false;
    }
}

template <class Layer1D>
std::unique_ptr<Layer1D> made(FuzzedDataProvider &bytes) {
    const auto size = [&]() -> Value {
        return bytes.ConsumeIntegralInRange(0, 31) == 31 ? any_value(bytes) : Value(any_size(bytes, 12));
    };
    const Value filter_size = size(), num_filters = size();
    const std::vector<Option> options = any_options(bytes);
    std::unique_ptr<Layer1D> layer;
    accepted([&] { layer = std::make_unique<Layer1D>(filter_size, num_filters, options); });
    return layer;
}

void show(AnyLayer &layer) {
    std::ostringstream out;
    print(out, layer);
    print_all(out, layer);
    print(out, {&layer});
    require(out.str().find(std::to_string(layer.num_filters())) != std::string::npos,
            "what is shown has the filters");
    name_layers({&layer, &layer});
    require(!layer.name().empty(), "a layer of a list has a name");
}

void change(Layer &layer, FuzzedDataProvider &bytes) {
    const double factor = bytes.ConsumeFloatingPointInRange(-1.0, 8.0);
    const bool taken = accepted([&] { layer.set_weight_l2_factor(factor); });
    require(taken == (factor >= 0), "factors are nonnegative");
    const KernelTable kernels = builtin_kernels();
    const Kernel &kernel = kernels.first[bytes.ConsumeIntegralInRange<std::size_t>(0, kernels.count - 1)];
    const int number = bytes.ConsumeIntegralInRange(0, 15);
    if (number < 8)
        accepted([&] { layer.force_target(kernel.target); });
    else if (number == 8)
        accepted([&] { layer.force_target(static_cast<Target>(bytes.ConsumeIntegral<int>())); });
    if (bytes.ConsumeIntegralInRange(0, 3) == 3)
        accepted([&] { layer.force_schedule(kernel.schedule->name); });
    const int threads = bytes.ConsumeIntegralInRange(-1, 3);
    accepted([&] { layer.set_threads(number == 9 ? 1000000 * threads : threads); });
}

constexpr std::array<const char *, 16> formats{"SCB", "CBT",  "SCBT", "SC",  "CT",  "SCT", "CSB", "CTB",
                                               "BCS", "TBSC", "BSTC", "TSC", "TCB", "SB",  "UCB", "SCSB"};

/// Strides of a view: the labels in any order, with gaps between them; at times such that elements share
/// memory.
Sizes any_strides(FuzzedDataProvider &bytes, const Sizes &sizes) {
    std::vector<int> order;
    for (int i = 0; i < sizes.rank(); i++)
        order.insert(order.begin() + bytes.ConsumeIntegralInRange(0, i), i);
    Sizes strides = sizes;
    std::int64_t reach = bytes.ConsumeIntegralInRange(1, 2);
    for (const int i : order) {
        strides[i] = reach;
        reach = bytes.ConsumeIntegralInRange(0, 31) == 31
                    ? bytes.ConsumeIntegralInRange(1, 20)
                    : reach * sizes[i] + bytes.ConsumeIntegralInRange(0, 3);
    }
    return strides;
}

/// Exactly the memory of a shape, so that AddressSanitizer sees any step beside it.
struct Memory {
    explicit Memory(const Shape &of) : shape(of), values(static_cast<std::size_t>(of.span())) {}
    Shape shape;
    std::vector<float> values;
};

/// True if no two elements share memory.
bool is_distinct(const Shape &shape) {
    std::vector<bool> seen(static_cast<std::size_t>(shape.span()));
    for (std::int64_t element = 0; element < shape.elements(); element++) {
        std::int64_t place = 0, rest = element;
        for (int i = 0; i < shape.sizes().rank(); i++) {
            place += rest % shape.sizes()[i] * shape.strides()[i];
            rest /= shape.sizes()[i];
        }
        if (seen[static_cast<std::size_t>(place)])
            return false;
        seen[static_cast<std::size_t>(place)] = true;
    }
    return true;
}

std::int64_t stride_of(const Shape &shape, char label) {
    return shape.has(label) ? shape.stride(label) : 0;
}

/// One output of the observation (b, t) against the definition, where rounding has a bound.
void check_output(const Problem &p, const Layer &layer, const Memory &x, const Memory &y,
                  FuzzedDataProvider &bytes) {
    const bool spatial = x.shape.has('S');
    const auto any_index = [&](char label) {
        const bool stepped = label == 'B' || spatial;
        return stepped && x.shape.has(label)
                   ? bytes.ConsumeIntegralInRange<std::int64_t>(0, x.shape.size(label) - 1)
                   : 0;
    };
    const std::int64_t b = any_index('B'), t = any_index('T');
    const std::int64_t position = bytes.ConsumeIntegralInRange<std::int64_t>(0, p.output_length() - 1);
    const std::int64_t filter = bytes.ConsumeIntegralInRange<std::int64_t>(0, p.filters - 1);
    const auto strides = [&](const Shape &s) {
        return Strides{s.stride(spatial ? 'S' : 'T'), s.stride('C'), 0};
    };
    const auto start = [&](const Shape &s) {
        return b * stride_of(s, 'B') + (spatial ? t * stride_of(s, 'T') : 0);
    };
    const testing::Arrays<float> arrays{{x.values.data() + start(x.shape), strides(x.shape)},
                                        layer.weights().data(),
                                        layer.bias().data(),
                                        {}};
    const testing::Value want = testing::reference_at(p, arrays, position, filter, 0);
    const Strides out = strides(y.shape);
    const float got =
        y.values[static_cast<std::size_t>(start(y.shape) + position * out.position + filter * out.channel)];
    if (std::abs(want.value) < 1e37 &&
        want.error < 1e30) // else, or if it is NaN, the sum may overflow on the way
        require(std::abs(got - want.value) <= want.error, to_string(p) +
                                                              " is as defined: " + std::to_string(got) +
                                                              " and " + std::to_string(want.value));
}

/// By both forms of forward, of which one needs preparation.
void run(Layer &layer, const Problem &p, Memory &x, Memory &y, FuzzedDataProvider &bytes) {
    for (std::size_t i = 0; i < x.values.size(); i++)
        x.values[i] = static_cast<float>((i * 7 + 3) % 17) / 8 - 1;
    const auto borrowed = [](Memory &memory) {
        return Tensor(memory.shape.format(), memory.shape.sizes(), memory.shape.strides(),
                      memory.values.data());
    };
    const Tensor input = borrowed(x);
    Tensor output = borrowed(y);
    Workspace workspace;
    if (!accepted([&] { workspace = layer.make_workspace(input, output); }))
        return; // elements that share memory, or a schedule for dense tensors
    require(is_distinct(y.shape), "an output whose elements share memory is refused");
    require(layer.forward(input, output, workspace) == Status::not_initialized, "a layer is prepared first");
    if (!accepted([&] { layer.prepare(input, output); }))
        return; // an initializer's fault
    require(layer.forward(input, output, workspace) == Status::ok, workspace.error());
    Memory again(y.shape);
    Tensor second = borrowed(again);
    layer.forward(input, second);
    require(std::memcmp(y.values.data(), again.values.data(), y.values.size() * sizeof(float)) == 0,
            "both forms of forward give the same bits");
    for (int i = 0; i < 4; i++)
        check_output(p, layer, x, y, bytes);
}

bool small_enough(const Problem &p, const Memory &x, const Shape &y) {
    return p.flops() <= most_flops && static_cast<std::int64_t>(x.values.size()) <= most_elements &&
           y.span() <= most_elements && p.filters * p.taps * p.channels <= most_elements;
}

void apply(Layer &layer, FuzzedDataProvider &bytes) {
    const std::string format =
        bytes.ConsumeIntegralInRange(0, 31) == 31 ? any_text(bytes, 10) : one_of(bytes, formats);
    std::vector<std::int64_t> sizes;
    for (const char label : format)
        sizes.push_back(any_size(bytes, label == 'B' ? 3 : 40));
    Problem p;
    if (!accepted([&] { p = layer.problem_for(format, sizes); }))
        return;
    require(explain(p).empty(), "a problem that a layer takes is one: " + explain(p));
    const Shape dense(format, sizes);
    const Shape dense_output(format, layer.output_sizes(format, sizes));
    if (dense.elements() > most_elements || dense_output.elements() > most_elements)
        return;
    const bool view = bytes.ConsumeBool();
    Memory x(view ? Shape(format, dense.sizes(), any_strides(bytes, dense.sizes())) : dense);
    const Shape output = view && bytes.ConsumeBool()
                             ? Shape(format, dense_output.sizes(), any_strides(bytes, dense_output.sizes()))
                             : dense_output;
    if (!small_enough(p, x, output))
        return;
    Memory y(output);
    run(layer, p, x, y, bytes);
}

template <class Layer1D>
void try_layer(FuzzedDataProvider &bytes) {
    const std::unique_ptr<Layer1D> layer = made<Layer1D>(bytes);
    if (!layer)
        return;
    show(*layer);
    change(*layer, bytes);
    apply(*layer, bytes);
    show(*layer);
}

} // namespace
} // namespace conv1d::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    using namespace conv1d;
    FuzzedDataProvider bytes(data, size);
    if (bytes.ConsumeBool())
        fuzz::try_layer<Convolution1DLayer>(bytes);
    else
        fuzz::try_layer<TransposedConvolution1DLayer>(bytes);
    return 0;
}
