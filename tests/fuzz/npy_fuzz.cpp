// Bytes as a .npy file.
#include "fuzz.h"

#include "generators/tool/npy.h"
#include "generators/tool/npy_header.h"

#include <sstream>
#include <stdexcept>

namespace conv1d::tool {
namespace {

using fuzz::require;

std::string bytes_of(const NpyArray &array) {
    return std::visit(
        [](const auto &values) {
            return std::string(reinterpret_cast<const char *>(values.data()),
                               values.size() * sizeof values.front());
        },
        array.values);
}

/// Reads a file of which `told` bytes are said to be there.
void check_file(const std::string &file, std::uint64_t told) {
    std::istringstream in(file);
    try {
        const NpyArray array = read_npy(in, told, "x.npy");
        double size = array.values.index() == 0 ? 4 : 8;
        for (const std::int64_t extent : array.shape)
            size *= static_cast<double>(extent);
        const std::string bytes = bytes_of(array);
        require(size == static_cast<double>(bytes.size()),
                "as many values as shape " + to_string(array.shape));
        require(file.ends_with(bytes), "the values are those at the end of the file");
    } catch (const std::runtime_error &error) {
        require(std::string(error.what()).starts_with("x.npy "), "an error begins with the file's name");
    }
}

void check_header(const std::string &text) {
    try {
        const NpyHeader header = parse_npy_header(text);
        const NpyHeader again = parse_npy_header(npy_header_text(header));
        require(header.shape == again.shape && header.fortran_order == again.fortran_order,
                "a header is read as it is written");
    } catch (const std::invalid_argument &error) {
        require(std::string(error.what()).find("expected") != std::string::npos,
                "an error says what was expected");
    }
}

} // namespace
} // namespace conv1d::tool

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    conv1d::tool::check_file(bytes, size);
    conv1d::tool::check_file(bytes, size + 4); // a file that shrank meanwhile
    conv1d::tool::check_header(bytes);
    return 0;
}
