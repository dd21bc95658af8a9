#pragma once

#include "conv1d/layer.h"
#include "conv1d/options.h"

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace conv1d::detail {

/// Sizes and strides go to the kernels as 32-bit numbers.
inline constexpr std::int64_t largest_size = 2147483647;

/// The domain of learn-rate and L2 factors.
inline constexpr std::string_view factor_domain = "a nonnegative, finite number";
inline bool is_factor(double value) noexcept {
    return value >= 0 && std::isfinite(value);
}

/// Reads a layer's options and checks each against its domain. Every function throws std::invalid_argument.
class OptionReader {
public:
    /// \param own  names of the options that this layer has besides the common ones
    OptionReader(Operation operation, ElementType element, const std::vector<Option> &options,
                 std::vector<std::string_view> own);

    /// What both layers have, but for Weights and Bias.
    LayerSetup read_common(const Value &filter_size, const Value &num_filters) const;
    /// Weights or Bias; empty if not given.
    template <class T>
    std::vector<T> array(std::string_view option) const;
    std::int64_t positive_integer(std::string_view option, std::int64_t otherwise) const;
    /// Which of two words the option is: 0, the default, or 1.
    int one_of(std::string_view option, const std::array<std::string_view, 2> &words) const;
    /// OutputPadding, below the larger of setup.stride and setup.dilation.
    void read_output_padding(LayerSetup &setup) const;
    /// Padding or Cropping into setup.mode and setup.ends.
    void read_ends(std::string_view option, bool causal_allowed, LayerSetup &setup) const;
    /// PaddingValue into setup.padding_mode and setup.padding_value.
    void read_padding_value(LayerSetup &setup) const;

private:
    const Value *find(std::string_view option) const noexcept;
    [[noreturn]] void refuse(std::string_view option, const Value &value, std::string_view expected) const;
    [[noreturn]] void refuse(const std::string &sentence) const;
    std::int64_t integer(std::string_view option, const Value &value, double number, std::int64_t least,
                         std::string_view expected) const;
    std::int64_t positive_integer(std::string_view option, const Value &value,
                                  std::string_view expected = "a positive integer") const;
    void read_initializer(std::string_view option, bool (*known)(std::string_view) noexcept,
                          std::string_view names, ParameterSettings &settings) const;
    std::int64_t nonnegative_integer(std::string_view option, std::int64_t otherwise) const;
    /// A number that is finite in the layer's element type.
    double finite_number(std::string_view option, const Value &value, std::string_view expected) const;
    void read_factor(std::string_view option, double &factor) const;
    void read_groups(LayerSetup &setup) const;
    /// An activation and its slope. `option` is Activation or InputActivation.
    void read_activation(const std::string &option, Activation &activation, double &slope) const;
    void read_training(LayerSetup &setup) const;
    void check_names(std::vector<std::string_view> own) const;

    Operation operation_;
    ElementType element_;
    const std::vector<Option> &options_;
    std::string name_;
};

} // namespace conv1d::detail
