#pragma once

#include "npy.h"

#include <string>
#include <string_view>

namespace conv1d::tool {

/// What the text between a .npy file's magic and its data says.
struct NpyHeader {
    std::string descr; ///< NumPy's name of the type, e.g. "<f4"
    bool fortran_order;
    NpyShape shape;
};

/// Reads Python's dictionary of the three keys, in any order and spacing.
/// \throws std::invalid_argument, a sentence to follow the file's name
NpyHeader parse_npy_header(std::string_view text);

/// The dictionary as NumPy writes it, filled up so that data after it and 10 bytes before it is aligned to 64
/// bytes.
std::string npy_header_text(const NpyHeader &header);

} // namespace conv1d::tool
