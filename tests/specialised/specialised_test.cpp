// Kernels of conv1d_add_kernels(): found by the layers that match them and by no other, the same results as
// the built-in ones, and an error for what they are not made for.
#include "conv1d/layers.h"

#include "kernel_run.h"
#include "layer_kernels.h"
#include "other_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>

namespace conv1d {

void PrintTo(const Kernel &kernel, std::ostream *out) {
    *out << layer_string(*kernel.fixed) << " by " << testing::describe(kernel);
}

namespace {

using testing::KernelRun;

class Specialised : public ::testing::TestWithParam<Kernel> {
protected:
    Specialised() {
        if (!is_supported(GetParam().target))
            reason_ = "this processor has no " + std::string(to_string(GetParam().target));
    }

    void SetUp() override {
        if (!reason_.empty())
            GTEST_SKIP() << reason_;
    }

    /// The built-in kernel of the same schedule.
    static const Kernel *built_in(const Problem &p) {
        return find_kernel(builtin_kernels(), p, GetParam().target, GetParam().schedule->name);
    }

private:
    std::string reason_;
};

TEST_P(Specialised, ComputesTheBitsOfTheBuiltInKernel) {
    for (const std::int64_t length : {GetParam().fixed->length, GetParam().fixed->length + 37}) {
        for (const std::int64_t batch : {1, 3}) {
            Problem p = *GetParam().fixed;
            p.length = length;
            p.batch = batch;
            if (p.activation == Activation::none)
                p.right += p.operation == Operation::convolution ? 2 : 1; // not fixed either
            ASSERT_TRUE(applies(GetParam(), p)) << to_string(p);
            KernelRun run(GetParam(), p), other(*built_in(p), p);
            ASSERT_EQ(run.run(), Status::ok) << run.error();
            ASSERT_EQ(other.run(), Status::ok) << other.error();
            EXPECT_EQ(run.check(), "") << to_string(p);
            if (GetParam().schedule->weight_order != WeightOrder::minimal_filter) { // sums in another order
                EXPECT_TRUE(run.same_bits(other)) << to_string(p);
            }
            EXPECT_LE(run.peak_bytes(), scratch_bytes(GetParam(), p));
        }
    }
}

TEST_P(Specialised, GivesTheSameBitsWithThreads) {
    Problem p = *GetParam().fixed;
    p.length *= 40;
    KernelRun run(GetParam(), p), other(GetParam(), p);
    ASSERT_EQ(run.run(1), Status::ok) << run.error();
    ASSERT_EQ(other.run(3), Status::ok) << other.error();
    EXPECT_TRUE(run.same_bits(other));
}

/// Problems that differ from the layer in one thing that it fixes.
std::vector<Problem> others(const Problem &fixed) {
    std::vector<Problem> problems;
    const auto add = [&](auto change) {
        Problem p = fixed;
        change(p);
        if (explain(p).empty())
            problems.push_back(p);
    };
    add([](Problem &p) { p.channels *= 2; });
    add([](Problem &p) { p.filters *= 2; });
    add([](Problem &p) { p.taps += 4; }); // minimal filtering sees parts of 4 taps
    add([](Problem &p) { p.stride++; });
    add([](Problem &p) { p.dilation++; });
    add([](Problem &p) { p.left++; });
    if (fixed.channels > 1)
        add([](Problem &p) { p.groups = p.groups == 1 ? p.channels : 1; });
    add([](Problem &p) { p.activation = Activation::sigmoid; });
    add([](Problem &p) { p.input_activation = Activation::relu; });
    add([](Problem &p) { p.residual = !p.residual; });
    if (fixed.operation == Operation::convolution) {
        add([](Problem &p) {
            p.padding_mode =
                p.padding_mode == PaddingMode::replicate ? PaddingMode::circular : PaddingMode::replicate;
        });
        add([](Problem &p) { p.padding_value += 1; });
    }
    if (fixed.activation == Activation::leaky_relu)
        add([](Problem &p) { p.slope += 1e-6; });
    if (fixed.input_activation == Activation::leaky_relu)
        add([](Problem &p) { p.input_slope += 1e-6; });
    return problems;
}

TEST_P(Specialised, RefusesWhatItIsNotMadeFor) {
    for (const Problem &p : others(*GetParam().fixed)) {
        EXPECT_FALSE(applies(GetParam(), p)) << to_string(p);
        if (p.padding_mode != PaddingMode::constant && p.padding_value != GetParam().fixed->padding_value)
            continue;                 // read by nothing
        KernelRun run(GetParam(), p); // as if it were
        EXPECT_EQ(run.run(), Status::kernel_failed) << to_string(p);
        EXPECT_NE(run.error(), "") << to_string(p);
        EXPECT_TRUE(run.untouched()) << to_string(p);
    }
}

std::vector<Kernel> all_kernels() {
    std::vector<Kernel> kernels(layer_kernels().begin(), layer_kernels().end());
    kernels.insert(kernels.end(), other_kernels().begin(), other_kernels().end());
    return kernels;
}

std::string name_of(const ::testing::TestParamInfo<Kernel> &info) {
    std::string name = layer_string(*info.param.fixed) + "_" + testing::test_name(info.param);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, Specialised, ::testing::ValuesIn(all_kernels()), name_of);

TEST(SpecialisedTables, AreLinkedWithoutAnotherLine) {
    std::set<const Kernel *> linked;
    for (const KernelTable table : linked_kernels())
        linked.insert(table.first);
    EXPECT_EQ(linked, (std::set<const Kernel *>{layer_kernels().first, other_kernels().first}));
}

TEST(SpecialisedTables, HaveTheForcedSchedule) {
    EXPECT_GE(other_kernels().count, 2u);
    for (const Kernel &kernel : other_kernels())
        EXPECT_STREQ(kernel.schedule->name, "portable/any");
}

TEST(SpecialisedTables, HaveWhatTheTableChooses) {
    for (const Kernel &kernel : layer_kernels())
        EXPECT_EQ(kernel.schedule, find_kernel(builtin_kernels(), *kernel.fixed, kernel.target)->schedule)
            << to_string(*kernel.fixed);
}

/// The second layer of layers.txt.
Convolution1DLayer strided_layer() {
    return Convolution1DLayer(4, 7,
                              {stride(2), dilation_factor(2), padding(3, 2), activation("relu"), seed(1)});
}

TEST(SpecialisedLayers, AreUsedByTheLayersThatMatch) {
    Convolution1DLayer layer = strided_layer();
    for (const std::int64_t length : {40, 300, 5000}) {
        const Kernel &kernel = layer.kernel_for("SCB", {length, 5, 2});
        EXPECT_EQ(tier_of(kernel), Tier::specialised);
        ASSERT_NE(kernel.fixed, nullptr);
        EXPECT_EQ(layer_string(*kernel.fixed), "conv_c5_f7_k4_s2_d2_p3x2_act-relu");
    }
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {300, 6, 2})), Tier::built_in);
    EXPECT_EQ(tier_of(layer.kernel_for("CSB", {5, 300, 2})), Tier::built_in); // another memory order
    Convolution1DLayer other(4, 7, {stride(2), dilation_factor(2), padding(2, 3), activation("relu")});
    EXPECT_EQ(tier_of(other.kernel_for("SCB", {300, 5, 2})), Tier::built_in);
}

TEST(SpecialisedLayers, LeaveASinglePositionToTheBuiltInKernels) {
    Convolution1DLayer layer = strided_layer();
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {4, 5, 1})), Tier::specialised); // two outputs
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {3, 5, 1})), Tier::built_in);    // one
    layer.force_tier(Tier::specialised);
    EXPECT_THROW((void)layer.kernel_for("SCB", {3, 5, 1}), std::invalid_argument);
}

TEST(SpecialisedLayers, AreUsedWithNumbersAsTheElementTypeHasThem) {
    const Convolution1DLayer layer(5, 4, {padding(4, 0), padding_value(static_cast<double>(0.3f))});
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {90, 4, 1})), Tier::specialised);
}

TEST(SpecialisedLayers, AreUsedWithAResidualOnlyIfTheyAddOne) {
    Convolution1DLayer layer(3, 24,
                             {padding(2), dilation_factor(2), num_channels(16),
                              input_activation("leaky-relu"), input_activation_slope(0.1)});
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {200, 16, 1})), Tier::built_in);
    Tensor x("SCB", {200, 16, 1}), residual("SCB", {200, 24, 1}), with("SCB", {200, 24, 1}),
        without("SCB", {200, 24, 1});
    for (std::int64_t i = 0; i < x.elements(); i++)
        x.data()[i] = static_cast<float>(i % 7 - 3);
    layer.force_tier(Tier::specialised);
    layer.forward(x, residual, with);
    layer.force_tier(Tier::built_in);
    layer.forward(x, residual, without);
    EXPECT_TRUE(std::equal(with.data(), with.data() + with.elements(), without.data()));
    layer.force_tier(Tier::specialised);
    EXPECT_THROW(layer.forward(x, without), std::invalid_argument);
    EXPECT_EQ(tier_of(layer.kernel_for(x.shape(), residual.shape(), with.shape())), Tier::specialised);
}

TEST(SpecialisedLayers, OfAResidualAreSetUpAndTrainedLikeOthers) {
    Convolution1DLayer layer(3, 24,
                             {padding(2), dilation_factor(2), num_channels(16),
                              input_activation("leaky-relu"), input_activation_slope(0.1)});
    layer.force_tier(Tier::specialised);
    EXPECT_EQ(layer.output_sizes("SCB", {200, 16, 1}), (Sizes{200, 24, 1}));
    layer.initialize("SCB", {200, 16, 1});
    Tensor x("SCB", {200, 16, 1}), gradient("SCB", {200, 24, 1}), input_gradient("SCB", {200, 16, 1});
    for (std::int64_t i = 0; i < gradient.elements(); i++)
        gradient.data()[i] = static_cast<float>(i % 7 - 3);
    layer.backward(x, gradient, {&input_gradient, nullptr, nullptr});
    EXPECT_TRUE(std::any_of(input_gradient.data(), input_gradient.data() + input_gradient.elements(),
                            [](float value) { return value != 0; }));
}

TEST(SpecialisedLayers, CanBeForcedAndLeftOut) {
    Convolution1DLayer layer = strided_layer();
    layer.force_tier(Tier::built_in);
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {300, 5, 2})), Tier::built_in);
    layer.force_tier(Tier::specialised);
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {300, 5, 2})), Tier::specialised);
    try {
        layer.prepare("SCB", {300, 6, 2});
        FAIL() << "a layer without a specialised kernel was prepared";
    } catch (const std::invalid_argument &error) {
        EXPECT_NE(std::string(error.what())
                      .find("tier is specialised; expected a linked kernel for "
                            "conv_c6_f7_k4_s2_d2_p3x2_act-relu"),
                  std::string::npos)
            << error.what();
    }
    layer.set_kernels(builtin_kernels()); // forgets what was forced
    EXPECT_EQ(layer.tier(), Tier::any);
}

TEST(SpecialisedLayers, CanBeTheOnlyOnesThereAre) {
    Convolution1DLayer layer(3, 4, {padding(1)});
    layer.set_kernels(other_kernels());
    EXPECT_EQ(tier_of(layer.kernel_for("SCB", {100, 4, 1})), Tier::specialised);
    EXPECT_THROW((void)layer.kernel_for("SCB", {100, 5, 1}), std::invalid_argument);
}

TEST(SpecialisedLayers, FollowTheForcedTargetAndSchedule) {
    Convolution1DLayer layer = strided_layer();
    for (const Kernel &kernel : layer_kernels()) {
        if (!is_supported(kernel.target) ||
            layer_string(*kernel.fixed) != "conv_c5_f7_k4_s2_d2_p3x2_act-relu")
            continue;
        layer.force_target(kernel.target);
        EXPECT_EQ(&layer.kernel_for("SCB", {300, 5, 2}), &kernel);
    }
    layer.force_schedule("portable/any");
    layer.force_target(best_target(builtin_kernels()));
    const Kernel &forced = layer.kernel_for("SCB", {300, 5, 2});
    EXPECT_STREQ(forced.schedule->name, "portable/any");
}

TEST(SpecialisedLayers, DoNotStandInTheWayOfTheBackwardPass) {
    Convolution1DLayer layer = strided_layer(), plain = strided_layer();
    layer.force_tier(Tier::specialised);
    plain.force_tier(Tier::built_in);
    Tensor x("SCB", {60, 5, 1});
    for (std::int64_t i = 0; i < x.elements(); i++)
        x.data()[i] = static_cast<float>(i % 5 - 2);
    Tensor y = layer.forward(x);
    plain.forward(x);
    Tensor gradient("SCB", x.sizes()), expected("SCB", x.sizes());
    layer.backward(x, y, {&gradient, nullptr, nullptr});
    plain.backward(x, y, {&expected, nullptr, nullptr});
    EXPECT_TRUE(std::equal(gradient.data(), gradient.data() + gradient.elements(), expected.data()));
}

} // namespace
} // namespace conv1d
