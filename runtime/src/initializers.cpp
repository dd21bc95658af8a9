#include "initializers.h"

#include "random.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace conv1d::detail {
namespace {

constexpr std::array<std::string_view, 5> for_weights{"glorot", "he", "narrow-normal", "zeros", "ones"};
constexpr std::array<std::string_view, 3> for_bias{"zeros", "narrow-normal", "ones"};

template <std::size_t count>
bool contains(const std::array<std::string_view, count> &names, std::string_view name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

bool is_weights_initializer(std::string_view name) noexcept {
    return contains(for_weights, name);
}
bool is_bias_initializer(std::string_view name) noexcept {
    return contains(for_bias, name);
}

template <class T>
std::vector<T> initial_values(std::string_view name, const InitializerInput &input) {
    std::vector<T> values(static_cast<std::size_t>(input.count), name == "ones" ? T(1) : T(0));
    Random random(input.seed, input.stream);
    const auto fan = static_cast<double>(input.num_in);
    if (name == "glorot") {
        const double bound = std::sqrt(6 / (fan + static_cast<double>(input.num_out)));
        for (T &value : values)
            value = static_cast<T>(bound * (2 * random.uniform() - 1));
    } else if (name == "he" || name == "narrow-normal") {
        const double deviation = name == "he" ? std::sqrt(2 / fan) : 0.01;
        for (T &value : values)
            value = static_cast<T>(deviation * random.normal());
    }
    return values;
}

template std::vector<float> initial_values(std::string_view, const InitializerInput &);
template std::vector<double> initial_values(std::string_view, const InitializerInput &);

} // namespace conv1d::detail
