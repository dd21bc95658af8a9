#include "filterbank.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

namespace {

constexpr int window = Filterbank::window;
constexpr int hop = Filterbank::hop;
constexpr int bins = Filterbank::bins;

/// Square root of the periodic Hann window.
double analysis_window(int n) {
    return std::sin(std::numbers::pi * n / window);
}

/// The window that makes overlapping frames add up to 1: the analysis window over the sum of its squares, a
/// hop apart.
double dual_window(int n) {
    double sum = 0;
    for (int m = n % hop; m < window; m += hop)
        sum += analysis_window(m) * analysis_window(m);
    return analysis_window(n) / sum;
}

/// Filter `row` of the basis at sample n: cosine for the real parts, minus sine for the imaginary ones.
double basis(int row, int n) {
    const int bin = row % bins;
    const double angle = 2 * std::numbers::pi * (bin * n % window) / window;
    return row < bins ? std::cos(angle) : -std::sin(angle);
}

/// Weights [2*bins][1][window].
std::vector<float> analysis_weights() {
    std::vector<float> weights;
    for (int row = 0; row < 2 * bins; row++) {
        for (int n = 0; n < window; n++)
            weights.push_back(static_cast<float>(analysis_window(n) * basis(row, n)));
    }
    return weights;
}

/// Weights [2*bins][1][window] of the inverse: every bin but the first and the last stands for its conjugate
/// too.
std::vector<float> synthesis_weights() {
    std::vector<float> weights;
    for (int row = 0; row < 2 * bins; row++) {
        const int bin = row % bins;
        const double share = (bin == 0 || bin == bins - 1 ? 1.0 : 2.0) / window;
        for (int n = 0; n < window; n++)
            weights.push_back(static_cast<float>(share * dual_window(n) * basis(row, n)));
    }
    return weights;
}

/// Whole hops, so that every sample is under the same number of frames.
std::int64_t padded_length(std::int64_t samples) {
    return conv1d::ceil_div(samples, hop) * hop;
}

} // namespace

Filterbank::Filterbank()
    : analysis_(window, 2 * bins,
                {conv1d::stride(hop), conv1d::padding(window - hop), conv1d::weights(analysis_weights()),
                 conv1d::name("analysis")}),
      synthesis_(window, 1,
                 {conv1d::stride(hop), conv1d::cropping(window - hop), conv1d::weights(synthesis_weights()),
                  conv1d::name("synthesis")}) {}

std::vector<float> Filterbank::round_trip(const std::vector<float> &signal) {
    const auto samples = static_cast<std::int64_t>(signal.size());
    conv1d::Tensor padded("SC", {padded_length(samples), 1});
    std::copy(signal.begin(), signal.end(), padded.data());
    conv1d::Tensor spectrum("SC", analysis_.output_sizes("SC", padded.sizes()));
    conv1d::Tensor rebuilt("SC", padded.sizes());
    analysis_.prepare(padded);
    synthesis_.prepare(spectrum);

    const auto start = std::chrono::steady_clock::now();
    analysis_.forward(padded, spectrum);
    synthesis_.forward(spectrum, rebuilt);
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {rebuilt.data(), rebuilt.data() + samples};
}

std::string Filterbank::kernels(std::int64_t samples) const {
    const auto describe = [](const conv1d::Layer &layer, const conv1d::Sizes &sizes) {
        const conv1d::Kernel &kernel = layer.kernel_for("SC", sizes);
        return layer.name() + ": " + kernel.schedule->name + " on " + to_string(kernel.target);
    };
    const conv1d::Sizes sizes{padded_length(samples), 1};
    return describe(analysis_, sizes) + "; " + describe(synthesis_, analysis_.output_sizes("SC", sizes));
}

void Filterbank::set_threads(int threads) {
    analysis_.set_threads(threads);
    synthesis_.set_threads(threads);
}

void Filterbank::force_target(conv1d::Target target) {
    analysis_.force_target(target);
    synthesis_.force_target(target);
}

double signal_to_noise(const std::vector<float> &signal, const std::vector<float> &rebuilt) {
    const std::size_t edge = signal.size() > 2 * window ? window : 0;
    double power = 0;
    double noise = 0;
    for (std::size_t i = edge; i < signal.size() - edge; i++) {
        const double difference = double{rebuilt[i]} - double{signal[i]};
        power += double{signal[i]} * double{signal[i]};
        noise += difference * difference;
    }
    return noise == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(power / noise);
}
