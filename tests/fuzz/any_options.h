#pragma once

#include "conv1d/options.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Values and options of layers, made of a fuzzer's bytes: most of them close to those that a layer takes.
namespace conv1d::fuzz {

/// One of a table's.
template <class T, std::size_t N>
const T &one_of(FuzzedDataProvider &bytes, const std::array<T, N> &table) {
    return table[bytes.ConsumeIntegralInRange<std::size_t>(0, N - 1)];
}

/// 1 to `most`; now and then any number at all.
inline std::int64_t any_size(FuzzedDataProvider &bytes, std::int64_t most) {
    return bytes.ConsumeIntegralInRange(0, 63) == 63 ? bytes.ConsumeIntegral<std::int64_t>()
                                                     : bytes.ConsumeIntegralInRange<std::int64_t>(1, most);
}

inline constexpr std::array<const char *, 20> option_words{"same",
                                                           "causal",
                                                           "replicate",
                                                           "symmetric-include-edge",
                                                           "symmetric-exclude-edge",
                                                           "circular",
                                                           "left",
                                                           "right",
                                                           "auto",
                                                           "glorot",
                                                           "he",
                                                           "narrow-normal",
                                                           "zeros",
                                                           "ones",
                                                           "",
                                                           "valid",
                                                           "relu",
                                                           "leaky-relu",
                                                           "gelu",
                                                           "sigmoid"};

/// An initializer that returns as many values as it should, but for `more`.
inline InitializerFunction ramp_initializer(std::size_t more) {
    return [more](const Sizes &size) {
        std::size_t count = 1;
        for (const std::int64_t extent : size)
            count *= static_cast<std::size_t>(extent);
        std::vector<float> values(count + more);
        for (std::size_t i = 0; i < values.size(); i++)
            values[i] = static_cast<float>(i % 7) - 3;
        return values;
    };
}

/// Without zeros, where what() of an error would end.
inline std::string any_text(FuzzedDataProvider &bytes, std::size_t longest) {
    std::string text = bytes.ConsumeRandomLengthString(longest);
    std::ranges::replace(text, '\0', '0');
    return text;
}

inline Value any_value(FuzzedDataProvider &bytes) {
    const auto small = [&] { return bytes.ConsumeIntegralInRange<std::int64_t>(-1, 12); };
    switch (bytes.ConsumeIntegralInRange(0, 9)) {
    case 0:
        return bytes.ConsumeFloatingPoint<double>();
    case 1:
        return bytes.ConsumeIntegral<std::int64_t>();
    case 2:
        return any_text(bytes, 20);
    case 3:
        return {small(), small()};
    case 4:
        return std::vector<double>{static_cast<double>(small()), bytes.ConsumeFloatingPoint<double>(), 1};
    case 5:
        return std::vector<float>(bytes.ConsumeIntegralInRange<std::size_t>(0, 64), 0.5f);
    case 6:
        return ramp_initializer(bytes.ConsumeIntegralInRange<std::size_t>(0, 7) / 7);
    case 7:
        return one_of(bytes, option_words);
    default:
        return small();
    }
}

struct NamedOption {
    const char *name;
    Option (*make)(Value); ///< the same as a function; null where that is of another type
};

inline constexpr std::array<NamedOption, 24> option_names{
    {{"Stride", stride},
     {"DilationFactor", dilation_factor},
     {"Padding", padding},
     {"PaddingValue", padding_value},
     {"Cropping", cropping},
     {"OutputPadding", output_padding},
     {"Groups", groups},
     {"Activation", nullptr},
     {"ActivationSlope", activation_slope},
     {"InputActivation", nullptr},
     {"InputActivationSlope", input_activation_slope},
     {"SameExtra", nullptr},
     {"NumChannels", num_channels},
     {"Weights", nullptr},
     {"Bias", nullptr},
     {"WeightsInitializer", weights_initializer},
     {"BiasInitializer", bias_initializer},
     {"Seed", seed},
     {"WeightLearnRateFactor", weight_learn_rate_factor},
     {"BiasLearnRateFactor", bias_learn_rate_factor},
     {"WeightL2Factor", weight_l2_factor},
     {"BiasL2Factor", bias_l2_factor},
     {"Name", nullptr},
     {"stride", nullptr}}}; // no option: upper and lower case differ

/// Up to six.
inline std::vector<Option> any_options(FuzzedDataProvider &bytes) {
    std::vector<Option> options;
    for (int count = bytes.ConsumeIntegralInRange(0, 6); count > 0; count--) {
        const NamedOption &named = one_of(bytes, option_names);
        Value value = any_value(bytes);
        if (named.make != nullptr && bytes.ConsumeBool())
            options.push_back(named.make(std::move(value)));
        else
            options.emplace_back(named.name, std::move(value));
    }
    return options;
}

} // namespace conv1d::fuzz
