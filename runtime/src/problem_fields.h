#pragma once

#include "conv1d/problem.h"

#include <array>
#include <cstdint>

namespace conv1d {

/// An integer of a problem.
struct IntegerField {
    const char *letter; ///< that it begins with in the problem string
    std::int64_t Problem::*member;
    std::int64_t least;
    const char *name; ///< for messages
};

/// In the order of the problem string.
inline constexpr std::array<IntegerField, 9> integer_fields{
    {{"n", &Problem::batch, 1, "batch"},
     {"c", &Problem::channels, 1, "channels"},
     {"l", &Problem::length, 1, "length"},
     {"f", &Problem::filters, 1, "filters"},
     {"k", &Problem::taps, 1, "taps"},
     {"s", &Problem::stride, 1, "stride"},
     {"d", &Problem::dilation, 1, "dilation"},
     {"g", &Problem::groups, 1, "groups"},
     {"o", &Problem::output_padding, 0, "output_padding"}}};

} // namespace conv1d
