// `conv1d run` against the definition: every format, padding and cropping.
#include "conv1d/geometry.h"
#include "generators/tool/npy.h"
#include "reference.h"
#include "temporary_folder.h"
#include "tolerance.h"
#include "tool/called.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace conv1d::tool {
namespace {

using testing::Called;
using testing::TemporaryFolder;

constexpr std::int64_t batch = 3, channels = 4, length = 21, filters = 5, taps = 4;

/// A format with the shape of its array, slowest dimension first, for that many samples and channels; and
/// where in it a position, channel and observation stand. A format without a batch has the observations that
/// fit it.
struct Format {
    const char *name;
    NpyShape (*shape)(std::int64_t samples, std::int64_t channels);
    Strides (*strides)(std::int64_t samples, std::int64_t channels);
    std::int64_t observations = batch;
};

using Number = std::int64_t;
const Format formats[] = {
    {"SCB",
     [](Number l, Number c) {
         return NpyShape{batch, c, l};
     },
     [](Number l, Number c) {
         return Strides{1, l, l * c};
     }},
    {"CSB",
     [](Number l, Number c) {
         return NpyShape{batch, l, c};
     },
     [](Number l, Number c) {
         return Strides{c, 1, l * c};
     }},
    {"CTB",
     [](Number l, Number c) {
         return NpyShape{batch, l, c};
     },
     [](Number l, Number c) {
         return Strides{c, 1, l * c};
     }},
    {"CBT",
     [](Number l, Number c) {
         return NpyShape{l, batch, c};
     },
     [](Number, Number c) {
         return Strides{c * batch, 1, c};
     }},
    {"SCBT",
     [](Number l, Number c) {
         return NpyShape{2, batch, c, l};
     },
     [](Number l, Number c) {
         return Strides{1, l, l * c};
     },
     2 * batch},
    {"SCT",
     [](Number l, Number c) {
         return NpyShape{batch, c, l};
     },
     [](Number l, Number c) {
         return Strides{1, l, l * c};
     }},
    {"SC",
     [](Number l, Number c) {
         return NpyShape{c, l};
     },
     [](Number l, Number) {
         return Strides{1, l, 0};
     },
     1},
    {"CT",
     [](Number l, Number c) {
         return NpyShape{l, c};
     },
     [](Number, Number c) {
         return Strides{c, 1, 0};
     },
     1},
};

std::vector<float> noise(const NpyShape &shape, std::mt19937 &random) {
    std::uniform_real_distribution<float> uniform(-1, 1);
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float &value : values)
        value = uniform(random);
    return values;
}

/// Arguments and the problem that they mean, but for sizes.
struct Case {
    std::string arguments;
    Problem problem;
};

class Run : public ::testing::Test {
protected:
    std::vector<float> write(const std::string &name, const NpyShape &shape) {
        const std::vector<float> values = noise(shape, random_);
        write_npy(folder_ / name, shape, std::span<const float>(values));
        return values;
    }

    void expect_as_defined(const Format &format, const Case &c) {
        Problem p = c.problem;
        p.batch = format.observations;
        p.channels = channels;
        p.length = length;
        p.filters = filters;
        p.taps = taps;
        const bool convolution = p.operation == Operation::convolution;
        const auto x = write("x.npy", format.shape(length, channels));
        const auto w = write("w.npy", convolution ? NpyShape{filters, channels, taps}
                                                  : NpyShape{channels, filters, taps});
        const auto b = write("b.npy", {filters});
        const Called called = testing::call_tool(
            std::string("run ") + (convolution ? "conv" : "transposed") + " --format " + format.name +
            " --input " + folder_ / "x.npy" + " --weights " + folder_ / "w.npy" + " --bias " +
            folder_ / "b.npy" + " --output " + folder_ / "y.npy " + c.arguments);
        ASSERT_EQ(called.status, 0) << called.err;
        const NpyArray output = read_npy(folder_ / "y.npy");
        const Number samples = p.output_length();
        ASSERT_EQ(output.shape, format.shape(samples, filters));
        EXPECT_NE(called.out.find("y.npy has shape " + to_string(output.shape)), std::string::npos)
            << called.out;

        const auto &y = std::get<std::vector<float>>(output.values);
        const Strides in = format.strides(length, channels), out = format.strides(samples, filters);
        const testing::Arrays<float> arrays{{x.data(), in}, w.data(), b.data(), {}};
        for (Number i = 0; i < samples; i++) {
            for (Number f = 0; f < filters; f++) {
                for (Number n = 0; n < p.batch; n++) {
                    const testing::Value want = testing::reference_at(p, arrays, i, f, n);
                    const auto at =
                        static_cast<std::size_t>(i * out.position + f * out.channel + n * out.batch);
                    ASSERT_NEAR(y[at], want.value, want.error)
                        << format.name << " " << c.arguments << " at " << i << ", " << f << ", " << n;
                }
            }
        }
    }

    TemporaryFolder folder_;
    std::mt19937 random_{7};
};

Case convolution(std::string arguments, Number stride, Number dilation, Ends ends,
                 PaddingMode mode = PaddingMode::constant, float value = 0) {
    Problem p;
    p.stride = stride;
    p.dilation = dilation;
    std::tie(p.left, p.right) = ends;
    p.padding_mode = mode;
    p.padding_value = value;
    return {std::move(arguments), p};
}

Case transposed(std::string arguments, Number stride, Ends ends) {
    Problem p;
    p.operation = Operation::transposed_convolution;
    p.stride = stride;
    std::tie(p.left, p.right) = ends;
    return {std::move(arguments), p};
}

TEST_F(Run, TakesEveryFormat) {
    for (const Format &format : formats) {
        expect_as_defined(format, convolution("--stride 2 --dilation 3 --padding 3,4", 2, 3, {3, 4}));
        expect_as_defined(format, transposed("--stride 3 --cropping 2,1", 3, {2, 1}));
    }
}

TEST_F(Run, PadsAsTheOptionsSay) {
    const Ends same_right = same_padding(length, taps, 2, 1, OddEnd::right);
    const Ends same_left = same_padding(length, taps, 1, 1, OddEnd::left);
    const Case cases[] = {
        convolution("", 1, 1, {0, 0}),
        convolution("--padding 2", 1, 1, {2, 2}),
        convolution("--padding same --stride 2", 2, 1, same_right),
        convolution("--padding same --same-extra left", 1, 1, same_left),
        convolution("--padding causal --dilation 2", 1, 2, causal_padding(taps, 2)),
        convolution("--padding 2,30 --padding-value -0.25", 1, 1, {2, 30}, PaddingMode::constant, -0.25f),
        convolution("--padding 30,2 --padding-value replicate", 1, 1, {30, 2}, PaddingMode::replicate),
        convolution("--padding 2,50 --padding-value symmetric-include-edge", 1, 1, {2, 50},
                    PaddingMode::symmetric_include_edge),
        convolution("--padding 50 --padding-value symmetric-exclude-edge", 1, 1, {50, 50},
                    PaddingMode::symmetric_exclude_edge),
        convolution("--padding 50,3 --padding-value circular --threads 2", 1, 1, {50, 3},
                    PaddingMode::circular),
    };
    for (const Case &c : cases)
        expect_as_defined(formats[0], c);
}

TEST_F(Run, CropsAsTheOptionsSay) {
    expect_as_defined(formats[0], transposed("", 1, {0, 0}));
    expect_as_defined(formats[0],
                      transposed("--stride 5 --cropping same", 5, same_cropping(taps, 5, 1, OddEnd::right)));
    expect_as_defined(formats[0], transposed("--cropping same --same-extra left", 1,
                                             same_cropping(taps, 1, 1, OddEnd::left)));
}

TEST_F(Run, UsesTheKernelAndTargetAskedFor) {
    write("x.npy", {1, 2, 9});
    write("w.npy", {3, 2, 3});
    const std::string arguments = "run conv --input " + folder_ / "x.npy" + " --weights " +
                                  folder_ / "w.npy" + " --output " + folder_ / "y.npy";
    const char *target = to_string(best_target(builtin_kernels()));
    const Called called = testing::call_tool(arguments + " --kernel portable/any --target " + target);
    EXPECT_EQ(called.out,
              std::string("portable/any for ") + target + ": " + folder_ / "y.npy" + " has shape (1, 3, 7)\n")
        << called.err;
}

TEST_F(Run, LetsNanAndInfinityPass) {
    const std::vector<float> x{1, NAN, 1, 1, INFINITY, 1}, w{1, 1};
    write_npy(folder_ / "x.npy", {1, 6}, std::span<const float>(x));
    write_npy(folder_ / "w.npy", {1, 1, 2}, std::span<const float>(w));
    const Called called =
        testing::call_tool("run conv --format SC --input " + folder_ / "x.npy" + " --weights " +
                           folder_ / "w.npy" + " --output " + folder_ / "y.npy");
    ASSERT_EQ(called.status, 0) << called.err;
    const NpyArray output = read_npy(folder_ / "y.npy");
    const auto &y = std::get<std::vector<float>>(output.values);
    EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
    EXPECT_EQ(y[2], 2);
    EXPECT_TRUE(std::isinf(y[3]) && std::isinf(y[4]));
}

} // namespace
} // namespace conv1d::tool
