#include "npy.h"

#include "npy_header.h"
#include "runtime/files/output_file.h"

#include <bit>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace conv1d::tool {
namespace {

static_assert(std::endian::native == std::endian::little, "the data is read as it lies in the file");

[[noreturn]] void fail(const std::string &name, const std::string &sentence) {
    throw std::runtime_error(name + " " + sentence);
}

/// A stream of known size, read to its end.
class Source {
public:
    Source(std::istream &in, std::uint64_t bytes, const std::string &name)
        : in_(in), left_(bytes), name_(name) {}

    std::uint64_t left() const { return left_; }

    void read(char *to, std::uint64_t count, const std::string &what) {
        if (count <= left_ && in_.read(to, static_cast<std::streamsize>(count))) {
            left_ -= count;
            return;
        }
        fail(name_, "ends inside " + what + "; expected " + std::to_string(count) + " bytes of it");
    }

    std::string read(std::uint64_t count, const std::string &what) {
        std::string text(count, '\0');
        read(text.data(), count, what);
        return text;
    }

private:
    std::istream &in_;
    std::uint64_t left_;
    const std::string &name_;
};

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::uint64_t longest_header =
    65535; // what version 1 can state; that of a float array has about 100

std::uint64_t little_endian(const std::string &bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

NpyHeader read_header(Source &source, const std::string &name) {
    if (source.left() < magic.size() || source.read(magic.size(), "its magic") != magic)
        fail(name, "is no NumPy file; expected it to begin with \\x93NUMPY");
    const std::string version = source.read(2, "its version");
    const auto major = static_cast<unsigned char>(version[0]);
    const auto minor = static_cast<unsigned char>(version[1]);
    if (major < 1 || major > 3 || minor != 0) {
        fail(name, "has format version " + std::to_string(major) + "." + std::to_string(minor) +
                       "; expected 1.0, 2.0 or 3.0");
    }
    const std::uint64_t length = little_endian(source.read(major == 1 ? 2 : 4, "its header's length"));
    if (length > longest_header)
        fail(name, "has a header of " + std::to_string(length) + " bytes; expected at most " +
                       std::to_string(longest_header));
    try {
        return parse_npy_header(source.read(length, "its header"));
    } catch (const std::invalid_argument &error) {
        fail(name, error.what());
    }
}

/// Elements of the shape if `bytes` bytes can be that many of `size` bytes each, which bounds what is
/// allocated.
std::uint64_t checked_count(const NpyHeader &header, std::uint64_t size, std::uint64_t bytes,
                            const std::string &name) {
    bool fits = true;
    std::uint64_t count = 1;
    for (const std::int64_t extent : header.shape) {
        if (extent == 0)
            fail(name, "has shape " + to_string(header.shape) + "; expected no size of 0");
        const auto factor = static_cast<std::uint64_t>(extent);
        fits = fits && count <= bytes / factor;
        count = fits ? count * factor : count;
    }
    if (!fits || count * size != bytes) {
        fail(name, "has " + std::to_string(bytes) + " bytes of data; expected " +
                       (fits ? std::to_string(count * size) : "more") + " for shape " +
                       to_string(header.shape) + " of '" + header.descr + "'");
    }
    return count;
}

template <class Float>
NpyArray read_values(Source &source, const NpyHeader &header, const std::string &name) {
    std::vector<Float> values(checked_count(header, sizeof(Float), source.left(), name));
    source.read(reinterpret_cast<char *>(values.data()), values.size() * sizeof(Float), "its data");
    return {header.shape, std::move(values)};
}

template <class Float>
void write_values(const std::string &path, const char *descr, const NpyShape &shape,
                  std::span<const Float> values) {
    const std::string header = npy_header_text({descr, false, shape});
    const auto length = static_cast<unsigned>(header.size());
    const char version_and_length[] = {1, 0, static_cast<char>(length & 0xff),
                                       static_cast<char>(length >> 8)};
    detail::write_whole(path, {magic,
                               {version_and_length, sizeof version_and_length},
                               header,
                               {reinterpret_cast<const char *>(values.data()), values.size_bytes()}});
}

} // namespace

NpyArray read_npy(std::istream &in, std::uint64_t bytes, const std::string &name) {
    Source source(in, bytes, name);
    const NpyHeader header = read_header(source, name);
    if (header.fortran_order)
        fail(name, "is in Fortran order; expected C order, as numpy.ascontiguousarray gives it");
    if (header.descr == "<f4")
        return read_values<float>(source, header, name);
    if (header.descr == "<f8")
        return read_values<double>(source, header, name);
    fail(name, "has type '" + header.descr + "'; expected '<f4' or '<f8', little-endian float32 or float64");
}

NpyArray read_npy(const std::string &path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        fail(path, "cannot be read: it is no regular file; expected a .npy file");
    std::ifstream file(path, std::ios::binary);
    if (!file)
        fail(path, "cannot be read: " + std::generic_category().message(errno));
    return read_npy(file, std::filesystem::file_size(path), path);
}

void write_npy(const std::string &path, const NpyShape &shape, std::span<const float> values) {
    write_values(path, "<f4", shape, values);
}

void write_npy(const std::string &path, const NpyShape &shape, std::span<const double> values) {
    write_values(path, "<f8", shape, values);
}

const char *type_name(const NpyArray &array) {
    return std::holds_alternative<std::vector<float>>(array.values) ? "float32" : "float64";
}

} // namespace conv1d::tool
