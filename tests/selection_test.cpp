// Which schedule each target chooses: held against a golden file, so that a change of the table is seen for
// what it is.
//
// After a change that is meant, CONV1D_UPDATE_GOLDEN=1 selection_test writes the file anew.
#include "conv1d/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace conv1d {
namespace {

// From bench/shapes.csv, and the edges of the predicates.
const char *const problems[] = {
    "conv_c80_l3000_f384_k3_p1x1",                // whisper
    "conv_c384_l3000_f384_k3_s2_p1x1",            // whisper, strided
    "conv_l16000_f512_k10_s5",                    // wav2vec 2.0, one channel
    "conv_c64_l16000_f128_k2_d64",                // wavenet
    "conv_c16_l64_f16_k3_d512_p1024x0",           // one block of audio
    "conv_c512_l999_f516_k2_s2",                  // wav2vec 2.0, strided
    "conv_n8_c25_l400_f25_k7_d4_p24x0",           // temporal convolutional network
    "conv_c256_l2000_f512",                       // pointwise
    "conv_c32_l102400_f1_k7_p3x3",                // one filter
    "conv_c1536_l1024_f1536_k4_g1536_p3x0",       // depthwise
    "conv_n64_c2048_f2048_k4_g2048_p3x0",         // depthwise, one sample
    "conv_c256_l800_f256_k33_g256_p16x16",        // depthwise, many taps
    "conv_c130_l500_f130_k5_g130_p2x2",           // depthwise, channels for 3 tiles of 64 that are not full
    "conv_c64_l500_f64_k9_g64_p4x4",              // depthwise, few channels
    "conv_c512_l3000_f512_k11_d16_g512_p80x80",   // depthwise, many taps that a copy reaches too far for
    "conv_c512_l16384_f512_k3_g512_p1x1",         // depthwise, larger than the caches
    "conv_c40_l15_f12_k9_p4x4",                   // short
    "conv_c40_l7_f12_k9_p4x4",                    // shorter than a vector
    "conv_c8_l100_f5_k3",                         // few filters
    "conv_c12_l1000_f8_k5_s2_p2x2",               // the same, strided
    "conv_n128_c3_l128_f32_k7_s2_p3x2",           // short and strided
    "conv_c600_l80_f600_k3_d8_p16x0",             // a few vectors of positions
    "conv_c32_l65536_f32_k13_d1000",              // taps far apart
    "conv_c256_l3200_f256_k11_d5_p25x25_minimal", // hifi-gan, fewer multiplications allowed
    "conv_c32_l3200_f32_k3_p1x1_minimal",         // and not worth it
    "conv_float64_c64_l500_f64_k3_p1x1",          // scientific signals
    "conv_float64_c4_l100_f2_k5",
    "conv_l576_f258_k256_s128_p0x64",      // short-time Fourier transform
    "tconv_c512_l100_f256_k16_s8_p4x4",    // hifi-gan
    "tconv_n8_c16_l512_f96_k11_s4",        // taps not a multiple of the stride
    "tconv_n128_c16_l64_f32_k7_s2_p2x3",   // an autoencoder's decoder
    "tconv_n4_c64_l500_f12_k15_s2_p7x7",   // the gradient of an ECG network's first layer
    "tconv_c1026_l224_f1_k1024_s256",      // inverse short-time Fourier transform
    "tconv_c512_l13_f512_k4_s2_g512_p0x2", // depthwise
};

/// False for float64 on a GPU only.
bool has_kernels(Target target, ElementType element) {
    const KernelTable table = schedule_table();
    return std::any_of(table.begin(), table.end(), [=](const Kernel &kernel) {
        return kernel.target == target && kernel.element == element;
    });
}

std::string choices() {
    std::ostringstream text;
    for (const char *problem : problems) {
        for (MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt, MemoryOrder::strided}) {
            Problem p = parse_problem(problem);
            p.order = order;
            for (int t = 0; t < target_count; t++) {
                const Target target = static_cast<Target>(t);
                if (!has_kernels(target, p.element))
                    continue;
                const Kernel *kernel = find_kernel(schedule_table(), p, target);
                text << to_string(p) << ' ' << to_string(target) << ' '
                     << (kernel == nullptr ? "none" : kernel->schedule->name) << '\n';
            }
        }
    }
    return text.str();
}

TEST(Selection, IsAsTheGoldenFileSays) {
    const std::string now = choices();
    if (std::getenv("CONV1D_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(CONV1D_GOLDEN_FILE) << now;
        GTEST_SKIP() << "wrote " << CONV1D_GOLDEN_FILE;
    }
    std::ifstream file(CONV1D_GOLDEN_FILE);
    ASSERT_TRUE(file) << "cannot read " << CONV1D_GOLDEN_FILE;
    std::istringstream lines(now);
    std::string want, got;
    while (std::getline(file, want)) {
        ASSERT_TRUE(std::getline(lines, got)) << "missing: " << want;
        EXPECT_EQ(got, want) << "if this is meant: CONV1D_UPDATE_GOLDEN=1 selection_test";
    }
    EXPECT_FALSE(std::getline(lines, got)) << "not in the golden file: " << got;
}

TEST(Selection, ReachesEveryRow) {
    const std::string text = choices();
    std::set<std::string> rows;
    for (const Kernel &kernel : schedule_table())
        rows.insert(kernel.schedule->name);
    for (const std::string &row : rows)
        EXPECT_NE(text.find(" " + row + "\n"), std::string::npos) << row << " is chosen for no problem above";
}

TEST(Selection, KnowsFloat64OnProcessorsOnly) {
    for (int t = 0; t < target_count; t++) {
        const Target target = static_cast<Target>(t);
        EXPECT_EQ(has_kernels(target, ElementType::float64),
                  target != Target::x86_64_cuda && target != Target::x86_64_opencl);
        EXPECT_TRUE(has_kernels(target, ElementType::float32));
    }
}

TEST(Selection, AlwaysFindsAKernel) {
    EXPECT_EQ(choices().find("none"), std::string::npos) << choices();
}

TEST(Selection, ForcesByNameAndRefusesWhatDoesNotApply) {
    const Problem p = parse_problem("conv_c384_l3000_f384_k3_s2_p1x1");
    const Kernel *forced = find_kernel(schedule_table(), p, Target::x86_64_avx512, "portable/any");
    ASSERT_NE(forced, nullptr);
    EXPECT_STREQ(forced->schedule->name, "portable/any");
    EXPECT_EQ(find_kernel(schedule_table(), p, Target::x86_64_avx512, "x86/avx512_positions"), nullptr);
    EXPECT_EQ(find_kernel(schedule_table(), p, Target::x86_64_avx2, "x86/avx512_filters"), nullptr);
    EXPECT_EQ(find_kernel(schedule_table(), p, Target::x86_64_avx2, "x86/unheard_of"), nullptr);
}

/// The last kernel of the table for the operation, element type and memory order of a problem, and a target.
const Kernel *last_kernel(const Problem &p, Target target) {
    const Kernel *last = nullptr;
    for (const Kernel &kernel : schedule_table()) {
        if (kernel.operation == p.operation && kernel.element == p.element && kernel.order == p.order &&
            kernel.target == target)
            last = &kernel;
    }
    return last;
}

TEST(Selection, EndsEveryOperationOrderAndTargetWithARowThatTakesAll) {
    for (const char *problem : problems) {
        for (MemoryOrder order : {MemoryOrder::scb, MemoryOrder::cbt}) {
            Problem p = parse_problem(problem);
            p.order = order;
            for (int t = 0; t < target_count; t++) {
                const Target target = static_cast<Target>(t);
                if (!has_kernels(target, p.element))
                    continue;
                const Kernel *last = last_kernel(p, target);
                ASSERT_NE(last, nullptr) << to_string(p) << ' ' << to_string(target);
                EXPECT_TRUE(applies(*last, p)) << last->schedule->name << ' ' << to_string(p);
            }
        }
    }
}

} // namespace
} // namespace conv1d
