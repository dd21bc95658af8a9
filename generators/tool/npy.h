#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// NumPy's .npy files of float32 and float64. xtensor's reader (0.24) was tried and not taken: it leaves the
/// memory of a truncated file unset, multiplies and allocates whatever shape a header states, reads lengths
/// of 128 to 255 bytes as signed, wants the header's keys in one order, and does not know version 3.
namespace conv1d::tool {

using NpyShape = std::vector<std::int64_t>;

/// An array in C order: the last index of the shape is the fastest in memory.
struct NpyArray {
    NpyShape shape;
    std::variant<std::vector<float>, std::vector<double>> values;
};

/// Reads versions 1 to 3 of the format, little-endian, C order. Allocates no more than the file is large.
/// \throws std::runtime_error: one sentence that begins with the path and says what is there and what was
/// expected
NpyArray read_npy(const std::string &path);
/// The same of a stream that holds `bytes` bytes, under the name that messages have for it.
NpyArray read_npy(std::istream &in, std::uint64_t bytes, const std::string &name);

/// Writes a version 1 file, by write_whole() of output_file.h.
void write_npy(const std::string &path, const NpyShape &shape, std::span<const float> values);
void write_npy(const std::string &path, const NpyShape &shape, std::span<const double> values);

/// "float32" or "float64".
const char *type_name(const NpyArray &array);

/// As Python writes it: "(1, 2, 100)", "(3,)", "()".
std::string to_string(const NpyShape &shape);

} // namespace conv1d::tool
