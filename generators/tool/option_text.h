#pragma once

#include "conv1d/options.h"

#include <cstdint>
#include <string>

/// Values of options from their text. Each \throws std::invalid_argument naming the option, its value and
/// what was expected.
namespace conv1d::tool {

/// Most samples, taps and the like that a layer takes.
inline constexpr std::int64_t largest_integer = 2147483647;

std::int64_t read_integer(const std::string &option, const std::string &text, std::int64_t least,
                          std::int64_t most);

/// A finite number.
double read_number(const std::string &option, const std::string &text);

/// `3`, `3,4` or `same`, and `causal` where it is allowed.
Value read_ends(const std::string &option, const std::string &text, bool causal_allowed);

/// A finite number, or the name of an extension.
Value read_padding_value(const std::string &option, const std::string &text);

} // namespace conv1d::tool
