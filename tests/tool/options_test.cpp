// The command line: what is refused, in which words, and that a refused call writes nothing.
#include "generators/tool/npy.h"
#include "generators/tool/tool.h"
#include "temporary_folder.h"
#include "tool/called.h"

#include <gtest/gtest.h>

namespace conv1d::tool {
namespace {

using testing::call_tool;
using testing::Called;
using testing::TemporaryFolder;

struct Refused {
    std::string arguments, expected;
};

/// One sentence on `err`, nothing on `out`, and a status that says that the arguments are wrong.
void expect_refused(const Refused &refused) {
    const Called called = call_tool(refused.arguments);
    EXPECT_EQ(called.status, 2) << refused.arguments;
    EXPECT_EQ(called.out, "") << refused.arguments;
    EXPECT_EQ(called.err.find('\n'), called.err.size() - 1) << called.err;
    EXPECT_TRUE(called.err.starts_with("conv1d: ")) << called.err;
    EXPECT_NE(called.err.find(refused.expected), std::string::npos)
        << called.err << "lacks: " << refused.expected;
}

/// Files to run on: x (1, 2, 10), w (3, 2, 4), wt (2, 3, 4), b (3,), doubles, and some of odd shapes.
class Arguments : public ::testing::Test {
protected:
    Arguments() {
        for (const auto &[name, shape] : files)
            write(name, shape);
        const std::vector<double> values(20, 1.0);
        write_npy(folder_ / "x8.npy", {1, 2, 10}, std::span<const double>(values));
        write_npy(folder_ / "w8.npy", {1, 2, 10}, std::span<const double>(values));
        folder_.write("text.npy", "no array");
        names_ = folder_.names();
    }

    /// The arguments with the folder before each name of a file, and an output.
    std::string run(std::string arguments) const {
        arguments += " --output @y.npy";
        for (std::size_t at = 0; (at = arguments.find('@', at)) != std::string::npos;)
            arguments.replace(at, 1, folder_ / "");
        return "run " + arguments;
    }

    void expect_refused_without_output(const std::string &arguments, std::string expected) const {
        expect_refused({run(arguments), std::move(expected)});
        EXPECT_EQ(folder_.names(), names_) << arguments;
    }

    TemporaryFolder folder_;

private:
    void write(const std::string &name, const NpyShape &shape) {
        std::int64_t count = 1;
        for (const std::int64_t size : shape)
            count *= size;
        const std::vector<float> values(static_cast<std::size_t>(count), 1.0f);
        write_npy(folder_ / name, shape, std::span<const float>(values));
    }

    const std::vector<std::pair<std::string, NpyShape>> files{
        {"x.npy", {1, 2, 10}}, {"w.npy", {3, 2, 4}}, {"wt.npy", {2, 3, 4}}, {"b.npy", {3}},
        {"w5.npy", {4, 3, 5}}, {"w2.npy", {3, 8}},   {"b2.npy", {3, 1}},    {"s.npy", {}}};
    std::set<std::string> names_;
};

TEST_F(Arguments, OfAConvolutionAreChecked) {
    const Refused cases[] = {
        {"", "--input is required"},
        {"--input @x.npy", "--weights is required"},
        {"--input @x.npy --weights @w.npy --strid 2", "2 --strid"},
        {"--input @x.npy --weights @w.npy --cropping 2", "--cropping"},
        {"--input @x.npy --weights @w.npy --stride 2.5", "--stride is '2.5'; expected an integer from 1 to"},
        {"--input @x.npy --weights @w.npy --stride 0", "--stride is '0'; expected an integer from 1 to"},
        {"--input @x.npy --weights @w.npy --stride 0x2", "--stride is '0x2'"},
        {"--input @x.npy --weights @w.npy --stride 99999999999999999999",
         "expected an integer from 1 to 2147483647"},
        {"--input @x.npy --weights @w.npy --stride 2 --stride 3", "--stride: At Most 1"},
        {"--input @x.npy --weights @w.npy --dilation -1", "--dilation is '-1'"},
        {"--input @x.npy --weights @w.npy --threads 1025",
         "--threads is '1025'; expected an integer from 1 to 1024"},
        {"--input @x.npy --weights @w.npy --padding 1,2,3",
         "--padding is '1,2,3'; expected 'same', 'causal', or one"},
        {"--input @x.npy --weights @w.npy --padding -1", "--padding is '-1'"},
        {"--input @x.npy --weights @w.npy --padding 3,", "--padding is '3,'"},
        {"--input @x.npy --weights @w.npy --padding-value nan",
         "--padding-value is 'nan'; expected a finite number"},
        {"--input @x.npy --weights @w.npy --padding-value 1e39",
         "--padding-value is 1e+39; expected a finite number"},
        {"--input @x.npy --weights @w.npy --padding-value mirror", "'symmetric-include-edge'"},
        {"--input @x.npy --weights @w.npy --filtering fast",
         "--filtering is 'fast'; expected one of direct, minimal"},
        {"--input @x.npy --weights @w.npy --same-extra up",
         "--same-extra is 'up'; expected one of right, left"},
        {"--input @x.npy --weights @w.npy --format SBC",
         "--format is 'SBC'; expected one of SCB, CBT, SCBT, SC,"},
        {"--input @x.npy --weights @w.npy --activation swish",
         "--activation is 'swish'; expected one of none, relu"},
        {"--input @x.npy --weights @w.npy --activation leaky-relu --slope 1e39",
         "--slope is 1e+39; expected a finite number"},
        {"--input @x.npy --weights @w.npy --target z80", "target 'z80' is unknown; expected one of x86-64,"},
        {"--input @x.npy --weights @w.npy --target x86-64-cuda", "--target is x86-64-cuda; expected"},
        {"--input @x.npy --weights @w.npy --kernel fast", "--kernel is 'fast'; expected one of "},
        {"--input @x.npy --weights @w.npy --dilation 4",
         "input length with --padding is 10; expected at least"},
    };
    for (const Refused &refused : cases)
        expect_refused_without_output("conv " + refused.arguments, refused.expected);
}

TEST_F(Arguments, OfATransposedConvolutionAreChecked) {
    const Refused cases[] = {
        {"--padding 2", "--padding"},
        {"--cropping causal", "--cropping is 'causal'; expected 'same', or one or two nonnegative"},
        {"--cropping 7", "--cropping is [7 7]; expected less in all than the 13 samples there are to crop"},
        {"--kernel portable/none", "--kernel is 'portable/none'"},
    };
    for (const Refused &refused : cases)
        expect_refused_without_output("transposed --input @x.npy --weights @wt.npy " + refused.arguments,
                                      refused.expected);
    expect_refused_without_output(
        "transposed --input @x.npy --weights @w.npy",
        "w.npy has shape (3, 2, 4); expected (2, filters/groups, taps) for --input ");
}

TEST_F(Arguments, ThatNameFilesAreChecked) {
    const Refused cases[] = {
        {"--input @none.npy --weights @w.npy", "none.npy cannot be read: No such file"},
        {"--input @ --weights @w.npy", "it is no regular file"},
        {"--input @text.npy --weights @w.npy", "text.npy is no NumPy file"},
        {"--input @s.npy --weights @w.npy",
         "s.npy has shape (); expected 3 dimensions, [B][C][S], with --format SCB"},
        {"--input @x.npy --weights @w5.npy",
         "w5.npy has shape (4, 3, 5); expected (filters, 2, taps) for --input "},
        {"--input @x.npy --weights @w5.npy", "x.npy of shape (1, 2, 10) in --format SCB"},
        {"--input @x.npy --weights @w2.npy", "w2.npy has shape (3, 8); expected (filters, 2, taps)"},
        {"--input @x.npy --weights @w.npy --format CBT", "expected (filters, 10, taps)"},
        {"--input @x.npy --weights @w.npy --format SC", "expected 2 dimensions, [C][S], with --format SC"},
        {"--input @x.npy --weights @w.npy --groups 3", "expected (filters, channels/groups, taps)"},
        {"--input @x.npy --weights @w.npy --groups 2", "expected (filters, 1, taps) for --input "},
        {"--input @x.npy --weights @w.npy --bias @b2.npy",
         "b2.npy has shape (3, 1); expected (3,), one value for"},
        {"--input @x8.npy --weights @w.npy", "w.npy is float32; expected float64, the type of --input "},
        {"--input @x.npy --weights @w.npy --bias @x8.npy", "x8.npy is float64; expected float32"},
        {"--input @y.npy --weights @w.npy", "y.npy cannot be read"},
    };
    for (const Refused &refused : cases)
        expect_refused_without_output("conv " + refused.arguments, refused.expected);
}

TEST_F(Arguments, ThatNameNoPlaceToWriteAreRefused) {
    const std::string before = run("conv --input @x.npy --weights @w.npy --bias @b.npy");
    const std::string start = before.substr(0, before.find("--output"));
    const std::string input = folder_.read("x.npy");
    expect_refused(
        {start + "--output " + folder_ / "x.npy", "x.npy is the file of --input; expected another"});
    expect_refused(
        {start + "--output " + folder_ / "./b.npy", "b.npy is the file of --bias; expected another"});
    expect_refused({start + "--output " + folder_ / "none/y.npy", "none' does not exist"});
    expect_refused({start + "--output " + folder_ / "", "it is a folder"});
    expect_refused({start + "--output /dev/null", "it is no regular file"});
    EXPECT_EQ(folder_.read("x.npy"), input);
}

TEST_F(Arguments, FitEachOther) {
    const Refused cases[] = {
        {"conv --input @x.npy --weights @w.npy --slope 0.1",
         "--slope is 0.1; expected none with --activation 'none'"},
        {"conv --input @x.npy --weights @w.npy --activation leaky-relu --slope nan", "--slope is 'nan'"},
        {"conv --input @x.npy --weights @w.npy --activation swish",
         "--activation is 'swish'; expected one of none, relu"},
        {"transposed --input @x.npy --weights @wt.npy --output-padding 1",
         "--output-padding is 1; expected less than 1"},
        {"conv --input @x8.npy --weights @w.npy", "w.npy is float32; expected float64"},
    };
    for (const Refused &refused : cases)
        expect_refused_without_output(refused.arguments, refused.expected);
    expect_refused({"time conv --channels 4 --filters 3 --groups 2 --length 9 --taps 3",
                    "filters is 3; expected a multiple of --groups, 2"});
}

TEST(CommandLine, WantsACommand) {
    const Refused cases[] = {
        {"", "conv1d expects one of run, time, explain, info"},
        {"convolve", "convolve"},
        {"run", "run expects one of conv, transposed"},
        {"time", "time expects one of conv, transposed"},
        {"info conv", "conv"},
        {"explain", "explain expects one of conv, transposed, --problem"},
        {"explain --problem conv_k0", "problem string 'conv_k0': taps is 0"},
        {"explain --problem conv_l9_k3 conv --length 9 --filters 1 --taps 3",
         "'conv_l9_k3' beside sizes; expected one of them"},
        {"explain --problem conv_l9_k3 --kernel gpu/direct",
         "--kernel is 'gpu/direct', which is for x86-64-cuda"},
        {"time conv --length 9 --filters 1", "--taps is required"},
        {"time conv --length 9 --filters 1 --taps 3 --format SC --batch 2",
         "--batch is 2; expected 1 with --format SC"},
        {"time conv --length 9 --filters 1 --taps 3 --steps 2", "--steps is 2; expected 1 with --format SCB"},
    };
    for (const Refused &refused : cases)
        expect_refused(refused);
}

TEST(CommandLine, SurvivesHavingNoWords) {
    std::ostringstream out, err;
    EXPECT_EQ(run_tool(0, nullptr, out, err), 2);
    EXPECT_EQ(err.str(), "conv1d: conv1d expects one of run, time, explain, info; see --help\n");
}

TEST(CommandLine, Helps) {
    for (const std::string command : {"", "run", "run conv", "run transposed", "time", "time conv", "explain",
                                      "explain transposed", "info"}) {
        const Called called = call_tool(command + " --help");
        EXPECT_EQ(called.status, 0) << command;
        EXPECT_EQ(called.err, "") << command;
        EXPECT_NE(called.out.find("Usage: conv1d" + (command.empty() ? "" : " " + command)),
                  std::string::npos)
            << called.out;
    }
}

TEST(CommandLine, SaysThatItsResultsCannotBeWritten) {
    std::ostringstream out, err;
    out.setstate(std::ios::badbit);
    const char *const arguments[] = {"conv1d", "info"};
    EXPECT_EQ(run_tool(2, arguments, out, err), 1);
    EXPECT_EQ(err.str(), "conv1d: the results cannot be written to the standard output\n");
}

} // namespace
} // namespace conv1d::tool
