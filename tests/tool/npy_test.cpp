// .npy files: those that NumPy writes, those that others write, and damaged ones.
#include "generators/tool/npy.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <sstream>

namespace conv1d::tool {
namespace {

using testing::TemporaryFolder;

std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; i++)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

template <class Float>
std::string bytes_of(const std::vector<Float> &values) {
    std::string bytes(values.size() * sizeof(Float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

/// A file with that header and data.
std::string npy(const std::string &header, const std::string &data, int version = 1) {
    return std::string("\x93NUMPY") + static_cast<char>(version) + '\0' +
           little_endian(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string header(const std::string &shape, const std::string &descr = "'<f4'",
                   const std::string &fortran_order = "False") {
    return "{'descr': " + descr + ", 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }\n";
}

NpyArray read(const std::string &bytes) {
    std::istringstream in(bytes);
    return read_npy(in, bytes.size(), "x.npy");
}

template <class Float>
std::vector<Float> values_of(const NpyArray &array) {
    return std::get<std::vector<Float>>(array.values);
}

template <class Call>
std::string failure_of(Call &&call) {
    try {
        call();
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return {};
}

const std::vector<float> six{1, -2, 0.5f, 0, 3e38f, 6};

TEST(Npy, ReadsEveryVersion) {
    for (const int version : {1, 2, 3}) {
        const NpyArray array = read(npy(header("(2, 3)"), bytes_of(six), version));
        EXPECT_EQ(array.shape, (NpyShape{2, 3})) << version;
        EXPECT_EQ(values_of<float>(array), six) << version;
        EXPECT_STREQ(type_name(array), "float32");
    }
}

TEST(Npy, ReadsFloat64AndNoDimensions) {
    const NpyArray array = read(npy(header("()", "'<f8'"), bytes_of(std::vector<double>{0.1})));
    EXPECT_EQ(array.shape, NpyShape{});
    EXPECT_EQ(values_of<double>(array), std::vector<double>{0.1});
    EXPECT_STREQ(type_name(array), "float64");
}

TEST(Npy, ReadsHeadersThatOthersWrite) {
    for (const char *text : {"{\"shape\":(6,),\"fortran_order\":False,\"descr\":\"<f4\"}",
                             "{ 'shape' : ( 6 , ) , 'descr' : '<f4' , 'fortran_order' : False , }   \n",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (6L,), }\n"}) {
        EXPECT_EQ(read(npy(text, bytes_of(six))).shape, NpyShape{6}) << text;
    }
}

TEST(Npy, ReadsHeadersOfEveryLength) { // 128 and 255 have the highest bit of a byte set
    for (std::size_t length = 70; length < 600; length++) {
        std::string text = header("(6,)");
        text.insert(text.size() - 1, length - text.size(), ' ');
        EXPECT_EQ(values_of<float>(read(npy(text, bytes_of(six)))), six) << length;
    }
}

TEST(Npy, WritesWhatNumPyWrites) {
    const TemporaryFolder folder;
    write_npy(folder / "y.npy", {2, 3}, std::span<const float>(six));
    const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    EXPECT_EQ(folder.read("y.npy"),
              npy(dictionary + std::string(117 - dictionary.size(), ' ') + "\n", bytes_of(six)));
    EXPECT_EQ(folder.names(), std::set<std::string>{"y.npy"});
}

TEST(Npy, AlignsDataTo64Bytes) {
    const TemporaryFolder folder;
    NpyShape shape;
    for (int rank = 0; rank < 40; rank++) {
        write_npy(folder / "y.npy", shape, std::span<const float>(six).first(1));
        EXPECT_EQ((folder.read("y.npy").size() - sizeof(float)) % 64, 0u) << rank;
        EXPECT_EQ(read_npy(folder / "y.npy").shape, shape);
        shape.push_back(1);
    }
}

TEST(Npy, KeepsEveryBitOfADouble) {
    const TemporaryFolder folder;
    const std::vector<double> values{0.1, -0.0, 1e-310, std::numeric_limits<double>::infinity()};
    write_npy(folder / "y.npy", {4}, std::span<const double>(values));
    EXPECT_EQ(bytes_of(values_of<double>(read_npy(folder / "y.npy"))), bytes_of(values));
}

TEST(Npy, RefusesEveryFileThatEndsEarly) {
    const std::string whole = npy(header("(2, 3)"), bytes_of(six));
    for (std::size_t size = 0; size < whole.size(); size++)
        EXPECT_FALSE(failure_of([&] { read(whole.substr(0, size)); }).empty()) << size;
}

struct Wrong {
    std::string bytes, expected;
};

TEST(Npy, SaysWhatIsWrong) {
    const std::string data = bytes_of(six);
    const std::string dictionary = header("(2, 3)");
    const Wrong cases[] = {
        {"PK\3\4 and more", "x.npy is no NumPy file; expected it to begin with \\x93NUMPY"},
        {"", "is no NumPy file"},
        {npy(dictionary, data, 4), "has format version 4.0; expected 1.0, 2.0 or 3.0"},
        {npy(dictionary, data + "1234"), "has 28 bytes of data; expected 24 for shape (2, 3) of '<f4'"},
        {npy(dictionary, data.substr(4)), "has 20 bytes of data; expected 24 for shape (2, 3) of '<f4'"},
        {npy(header("(2, 3)", "'<f8'"), data), "has 24 bytes of data; expected 48"},
        {npy(header("(2, 3)", "'>f4'"), data), "has type '>f4'; expected '<f4' or '<f8'"},
        {npy(header("(2, 3)", "'<i4'"), data), "has type '<i4'; expected"},
        {npy(header("(2, 3)", "[('a', '<f4')]"), data), "the name of a type such as '<f4', and no fields"},
        {npy(header("(2, 3)", "'<f4'", "True"), data), "is in Fortran order; expected C order"},
        {npy(header("(2, 3)", "'<f4'", "0"), data), "expected True or False there"},
        {npy(header("(2, 0)"), ""), "has shape (2, 0); expected no size of 0"},
        {npy(header("(4611686018427387904, 4)"), data), "bytes of data; expected more for shape"},
        {npy(header("(4294967296, 4294967296)"), data), "expected more for shape (4294967296, 4294967296)"},
        {npy(header("(9223372036854775808,)"), data), "expected a nonnegative integer of 63 bits there"},
        {npy(header("(-6,)"), data), "expected a nonnegative integer"},
        {npy(header("(6)"), data), "expected ',' after the only size"},
        {npy(header("(2 3)"), data), "expected a tuple of at most 64 sizes"},
        {npy(header("6"), data), "expected '(' there"},
        {npy(header("(2, 3"), data), "expected a"},
        {npy("{'descr': '<f4', 'shape': (6,), }", data), "has an incomplete header"},
        {npy("{'descr': '<f4', 'descr': '<f4'}", data), "each of the keys"},
        {npy("{'type': '<f4'}", data), "each of the keys"},
        {npy(dictionary + "x", data), "has a header with 'x'; expected nothing more there"},
        {npy("{\x01\xff", data), "has a header with '?"
                                 "?'; expected one of the keys"},
        {npy(std::string(70000, ' '), data, 2), "has a header of 70000 bytes; expected at most 65535"},
    };
    for (const Wrong &wrong : cases) {
        const std::string error = failure_of([&] { read(wrong.bytes); });
        EXPECT_NE(error.find(wrong.expected), std::string::npos) << error << "\nlacks: " << wrong.expected;
    }
}

TEST(Npy, RefusesMoreSizesThanNumPyHas) {
    std::string shape;
    for (int i = 0; i < 65; i++)
        shape += "1, ";
    const std::string error = failure_of([&] { read(npy(header("(" + shape + ")"), "1234")); });
    EXPECT_NE(error.find("at most 64 sizes"), std::string::npos) << error;
}

TEST(Npy, DoesNotAllocateWhatAHeaderOnlyClaims) {
    const std::string claims = npy(header("(1000000000000,)"), bytes_of(six));
    EXPECT_NE(failure_of([&] { read(claims); }).find("has 24 bytes of data"), std::string::npos);
}

TEST(Npy, ReadsNoFolderAndNoDevice) {
    EXPECT_NE(failure_of([] { read_npy("/dev/zero"); }).find("it is no regular file"), std::string::npos);
    EXPECT_NE(failure_of([] { read_npy("/"); }).find("it is no regular file"), std::string::npos);
    EXPECT_NE(failure_of([] { read_npy("missing.npy"); }).find("No such file"), std::string::npos);
}

TEST(Npy, WritesAllOrNothing) {
    const TemporaryFolder folder;
    const auto write = [&](const std::string &name) {
        return failure_of([&] { write_npy(folder / name, {6}, std::span<const float>(six)); });
    };
    EXPECT_NE(write("missing/y.npy").find("does not exist"), std::string::npos);
    EXPECT_NE(write("").find("it is a folder"), std::string::npos);
    EXPECT_NE(write(std::string(256, 'y')).find("File name too long"), std::string::npos);
    std::filesystem::create_symlink("nothing.npy", folder / "dangling.npy");
    EXPECT_NE(write("dangling.npy").find("it is a link to nothing"), std::string::npos);
    std::filesystem::remove(folder / "dangling.npy");
    EXPECT_TRUE(folder.names().empty());

    folder.write("y.npy", "what was there before");
    EXPECT_EQ(write("y.npy"), "");
    EXPECT_EQ(read_npy(folder / "y.npy").shape, NpyShape{6});
    std::filesystem::create_symlink("y.npy", folder / "link.npy");
    folder.write("y.npy", "other");
    EXPECT_EQ(write("link.npy"), "");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.npy"));
    EXPECT_EQ(read_npy(folder / "y.npy").shape, NpyShape{6});
    EXPECT_EQ(folder.names(), (std::set<std::string>{"link.npy", "y.npy"}));
}

TEST(Npy, KeepsThePermissionsOfWhatItReplaces) {
    namespace fs = std::filesystem;
    const TemporaryFolder folder;
    folder.write("y.npy", "what was there before");
    fs::permissions(folder / "y.npy", fs::perms::owner_read | fs::perms::owner_write);
    write_npy(folder / "y.npy", {6}, std::span<const float>(six));
    EXPECT_EQ(fs::status(folder / "y.npy").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

} // namespace
} // namespace conv1d::tool
