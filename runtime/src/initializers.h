#pragma once

#include "conv1d/options.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace conv1d::detail {

/// True for a name of semantics that the given array can have.
bool is_weights_initializer(std::string_view name) noexcept;
bool is_bias_initializer(std::string_view name) noexcept;

/// What an initializer needs to know of a layer.
struct InitializerInput {
    std::int64_t count;   ///< values to make
    std::int64_t num_in;  ///< FilterSize * NumChannels / Groups
    std::int64_t num_out; ///< FilterSize * NumFilters / Groups
    std::uint64_t seed;
    std::uint64_t stream; ///< 0 for weights, 1 for the bias
};

/// `glorot`: uniform in +-sqrt(6/(num_in+num_out)). `he`: normal, variance 2/num_in. `narrow-normal`: normal,
/// standard deviation 0.01. `zeros`, `ones`. The name must be one of these.
template <class T>
std::vector<T> initial_values(std::string_view name, const InitializerInput &input);

} // namespace conv1d::detail
