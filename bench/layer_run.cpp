#include "bench/layer_run.h"

#include "bench/verify.h"

#include <limits>
#include <random>

namespace conv1d::bench {

LayerRun::LayerRun(const Kernel &kernel, const Problem &problem, int threads)
    : kernel_(kernel), problem_(problem), workspace_(scratch_bytes(kernel, problem), threads) {
    const Problem &p = problem_;
    std::mt19937 random(1);
    input_strides_ = dense_strides(p.order, p.length, p.channels, p.batch);
    output_strides_ = dense_strides(p.order, p.output_length(), p.filters, p.batch);
    const auto fill = [&](auto &array, std::int64_t count) {
        const std::vector<float> values = noise<float>(count, random);
        array.assign(values.begin(), values.end());
    };
    fill(input_, p.batch * p.channels * p.length);
    weights_ = noise<float>(p.channels_per_group() * p.filters * p.taps, random);
    bias_ = noise<float>(p.filters, random);
    if (p.residual)
        fill(residual_, p.batch * p.filters * p.output_length());
    output_.assign(static_cast<std::size_t>(p.batch * p.filters * p.output_length()),
                   std::numeric_limits<float>::quiet_NaN());
    packed_ = PackedParameters<float>(*kernel.schedule, p, weights_.data(), bias_.data());
}

Status LayerRun::run() noexcept {
    return run_kernel(kernel_, problem_, {input_.data(), input_strides_}, packed_,
                      {output_.data(), output_strides_}, workspace_, residual());
}

std::string LayerRun::verify() {
    if (const Status status = run(); status != Status::ok) {
        std::string error = workspace_.error();
        while (error.ends_with('\n'))
            error.pop_back();
        return std::string(to_string(status)) + ", " + error;
    }
    const testing::Arrays<float> arrays{
        {input_.data(), input_strides_}, weights_.data(), bias_.data(), residual()};
    return verify_samples<float>(problem_, arrays, {output_.data(), output_strides_},
                                 kernel_.schedule->tile.filters);
}

} // namespace conv1d::bench
