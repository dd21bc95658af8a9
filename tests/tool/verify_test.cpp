// What `conv1d time` and the benchmark hold a layer's output against, shown to fail.
#include "bench/verify.h"
#include "reference.h"

#include <gtest/gtest.h>

#include <cmath>

namespace conv1d::bench {
namespace {

/// A problem whose output is the definition's, rounded.
class Verify : public ::testing::Test {
protected:
    Verify() {
        const testing::Arrays<float> arrays{{input_.data(), in_}, weights_.data(), bias_.data(), {}};
        for (std::int64_t n = 0; n < problem_.batch; n++) {
            for (std::int64_t f = 0; f < problem_.filters; f++) {
                for (std::int64_t i = 0; i < problem_.output_length(); i++)
                    output_.push_back(
                        static_cast<float>(testing::reference_at(problem_, arrays, i, f, n).value));
            }
        }
    }

    std::string verify() const {
        const testing::Arrays<float> arrays{{input_.data(), in_}, weights_.data(), bias_.data(), {}};
        return verify_samples<float>(problem_, arrays, {output_.data(), out_}, 8);
    }

    Problem problem_ = parse_problem("conv_n2_c3_l40_f5_k3_p1x1");
    std::mt19937 random_{3};
    std::vector<float> input_ = noise<float>(2 * 3 * 40, random_),
                       weights_ = noise<float>(5 * 3 * 3, random_), bias_ = noise<float>(5, random_), output_;
    Strides in_ = dense_strides(MemoryOrder::scb, 40, 3, 2), out_ = dense_strides(MemoryOrder::scb, 40, 5, 2);
};

TEST_F(Verify, AcceptsTheDefinition) {
    EXPECT_EQ(verify(), "");
}

TEST_F(Verify, FindsAWrongFirstAndLastOutputOfEveryFilter) {
    for (std::size_t row = 0; row < 5; row++) {
        float &first = output_[row * 40];
        const float right = first;
        first += 1e-4f;
        EXPECT_EQ(verify().find("wrong result at position 0, filter " + std::to_string(row) + ", batch 0"),
                  0u);
        first = right;
    }
    output_[5 * 40 - 1] += 1e-4f;
    EXPECT_EQ(verify().find("wrong result at position 39, filter 4, batch 0"), 0u);
}

TEST_F(Verify, LooksAtEveryObservation) {
    for (std::size_t i = 5 * 40; i < 2 * 5 * 40; i++)
        output_[i] += 1e-4f;
    const std::string wrong = verify();
    EXPECT_NE(wrong.find("batch 1: "), std::string::npos) << wrong;
}

TEST_F(Verify, FindsAnOutputThatWasNotWritten) {
    output_[123] = NAN;
    EXPECT_EQ(verify(), "an output was not written");
}

} // namespace
} // namespace conv1d::bench
