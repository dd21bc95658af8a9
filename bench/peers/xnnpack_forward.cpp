#include "bench/peers/xnnpack_forward.h"

#include <pthreadpool.h>
#include <xnnpack.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace conv1d::bench {
namespace {

void expect(xnn_status status, const char *call) {
    if (status != xnn_status_success)
        throw std::runtime_error(std::string("XNNPACK: ") + call + " fails with status " +
                                 std::to_string(status));
}

struct DeletePool {
    void operator()(pthreadpool *pool) const { pthreadpool_destroy(pool); }
};
struct DeleteOperator {
    void operator()(xnn_operator *op) const { xnn_delete_operator(op); }
};

/// [filter][tap][channel in group], from the layers' [filter][channel][tap], or [channel][filter][tap]
/// transposed.
std::vector<float> filters_last_channels(const Problem &p, const float *weights) {
    const bool transposed = p.operation == Operation::transposed_convolution;
    const std::int64_t channels = p.channels_per_group(), filters = p.filters_per_group();
    std::vector<float> result;
    result.reserve(static_cast<std::size_t>(p.filters * channels * p.taps));
    for (std::int64_t filter = 0; filter < p.filters; filter++) {
        const std::int64_t group = filter / filters;
        for (std::int64_t tap = 0; tap < p.taps; tap++) {
            for (std::int64_t channel = 0; channel < channels; channel++) {
                const std::int64_t row = transposed
                                             ? (group * channels + channel) * filters + filter % filters
                                             : filter * channels + channel;
                result.push_back(weights[row * p.taps + tap]);
            }
        }
    }
    return result;
}

/// Memory that XNNPACK may read beyond.
std::vector<float> with_margin(std::int64_t count) {
    return std::vector<float>(static_cast<std::size_t>(count) + XNN_EXTRA_BYTES / sizeof(float));
}

class Forward final : public ForwardPeer {
public:
    Forward(const Problem &p, const ForwardArrays &arrays, int threads)
        : problem_(p), pool_(threads > 1 ? pthreadpool_create(static_cast<std::size_t>(threads)) : nullptr),
          input_(with_margin(p.batch * p.length * p.channels)),
          output_(with_margin(p.batch * p.output_length() * p.filters)) {
        expect(xnn_initialize(nullptr), "xnn_initialize");
        std::copy_n(arrays.input, p.batch * p.length * p.channels, input_.data());
        const std::vector<float> weights = filters_last_channels(p, arrays.weights);
        if (p.operation == Operation::convolution)
            make_convolution(weights.data(), arrays.bias);
        else
            make_deconvolution(weights.data(), arrays.bias);
    }

    void run() override { expect(xnn_run_operator(operator_.get(), pool_.get()), "xnn_run_operator"); }

    std::vector<float> output_values() override {
        const Problem &p = problem_;
        return {output_.begin(), output_.begin() + p.batch * p.output_length() * p.filters};
    }

private:
    static std::uint32_t narrow(std::int64_t value) { return static_cast<std::uint32_t>(value); }
    static std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

    void make_convolution(const float *weights, const float *bias) {
        const Problem &p = problem_;
        xnn_operator_t op = nullptr;
        expect(xnn_create_convolution2d_nhwc_f32(0, narrow(p.right), 0, narrow(p.left), 1, narrow(p.taps), 1,
                                                 narrow(p.stride), 1, narrow(p.dilation), narrow(p.groups),
                                                 size(p.channels_per_group()), size(p.filters_per_group()),
                                                 size(p.channels), size(p.filters), weights, bias, -infinity,
                                                 infinity, 0, &op),
               "xnn_create_convolution2d_nhwc_f32");
        operator_.reset(op);
        expect(xnn_setup_convolution2d_nhwc_f32(op, size(p.batch), 1, size(p.length), input_.data(),
                                                output_.data(), pool_.get()),
               "xnn_setup_convolution2d_nhwc_f32");
    }

    void make_deconvolution(const float *weights, const float *bias) {
        const Problem &p = problem_;
        xnn_operator_t op = nullptr;
        expect(xnn_create_deconvolution2d_nhwc_f32(
                   0, narrow(p.right), 0, narrow(p.left), 1, narrow(p.taps), 1, narrow(p.stride), 1,
                   narrow(p.dilation), narrow(p.groups), size(p.channels_per_group()),
                   size(p.filters_per_group()), size(p.channels), size(p.filters), weights, bias, -infinity,
                   infinity, 0, &op),
               "xnn_create_deconvolution2d_nhwc_f32");
        operator_.reset(op);
        expect(xnn_setup_deconvolution2d_nhwc_f32(op, size(p.batch), 1, size(p.length), 0,
                                                  narrow(p.output_padding), input_.data(), output_.data(),
                                                  pool_.get()),
               "xnn_setup_deconvolution2d_nhwc_f32");
    }

    static constexpr float infinity = std::numeric_limits<float>::infinity();

    Problem problem_;
    std::unique_ptr<pthreadpool, DeletePool> pool_;
    std::unique_ptr<xnn_operator, DeleteOperator> operator_;
    std::vector<float> input_, output_;
};

} // namespace

bool has_xnnpack() {
    return true;
}

std::unique_ptr<ForwardPeer> xnnpack_forward(const Problem &p, const ForwardArrays &arrays, int threads) {
    if (p.order == MemoryOrder::scb)
        return nullptr;
    return std::make_unique<Forward>(p, arrays, threads);
}

} // namespace conv1d::bench
