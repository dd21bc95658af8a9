#include "conv1d/layers.h"
#include "conv1d/parameters_file.h"
#include "error_of.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <set>

#include <sys/resource.h>

namespace conv1d::testing {
namespace {

const std::string file = "model.safetensors";

template <class Call>
std::string runtime_error_of(Call &&call) {
    try {
        call();
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

/// A file's bytes: the header with its length, and the data.
std::string file_of(const std::string &header, const std::string &data) {
    std::string count(8, '\0');
    for (std::size_t i = 0; i < 8; i++)
        count[i] = static_cast<char>(header.size() >> 8 * i);
    return count + header + data;
}

template <class T>
bool same_bits(const std::vector<T> &a, const std::vector<T> &b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

TEST(ParametersFile, GivesBackEveryBit) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer first(5, 6, {groups(2)}), third(1, 1);
    TransposedConvolution1DLayer64 second(3, 4, {groups(2)});
    first.initialize("SCB", {20, 4, 1});
    second.initialize("SCB", {20, 6, 1});
    third.set_weights({std::numeric_limits<float>::quiet_NaN(), -0.f});
    third.set_bias({-std::numeric_limits<float>::infinity()});
    save_parameters(path, {&first, &second, &third});

    Convolution1DLayer first_again(5, 6, {groups(2)}), third_again(1, 1, {num_channels(2)});
    TransposedConvolution1DLayer64 second_again(3, 4, {groups(2)});
    load_parameters(path, {&first_again, &second_again, &third_again});
    EXPECT_TRUE(same_bits(first_again.weights(), first.weights()));
    EXPECT_TRUE(same_bits(second_again.weights(), second.weights()));
    EXPECT_TRUE(same_bits(third_again.weights(), third.weights()));
    EXPECT_TRUE(same_bits(third_again.bias(), third.bias()));
    EXPECT_EQ(first_again.num_channels(), 4);
    EXPECT_EQ(second_again.num_channels(), 6);
}

TEST(ParametersFile, IsASafetensorsFileWithTheNamesAndShapesOfPyTorch) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer layer(3, 1, {weights({1, 2, 3, 4, 5, 6}), bias({7})});
    TransposedConvolution1DLayer up(3, 1, {weights({1, 2, 3, 4, 5, 6}), bias({7}), name("up")});
    save_parameters(path, {&layer, &up});
    const std::string text = folder.read(file);
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(text[0])) +
                        256 * static_cast<std::size_t>(static_cast<unsigned char>(text[1]));
    EXPECT_EQ(length % 8, 0u);
    std::string header = text.substr(8, length);
    header.erase(header.find_last_not_of(' ') + 1);
    EXPECT_EQ(header, R"({"conv1d.bias":{"data_offsets":[24,28],"dtype":"F32","shape":[1]},)"
                      R"("conv1d.weight":{"data_offsets":[0,24],"dtype":"F32","shape":[1,2,3]},)"
                      R"("up.bias":{"data_offsets":[52,56],"dtype":"F32","shape":[1]},)"
                      R"("up.weight":{"data_offsets":[28,52],"dtype":"F32","shape":[2,1,3]}})");
    EXPECT_EQ(text.size(), 8 + length + 56);
}

TEST(ParametersFile, WithoutABiasItIsZeros) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    folder.write(file,
                 file_of(R"({"__metadata__":{"format":"pt"},"conv1d.weight":{"dtype":"F32","shape":[1,1,1],)"
                         R"("data_offsets":[0,4]},"other":{"dtype":"BF16","shape":[1],)"
                         R"("data_offsets":[4,6]}})",
                         std::string("\0\0\x80\x3f..", 6)));
    Convolution1DLayer layer(1, 1, {bias({5})});
    load_parameters(path, {&layer});
    EXPECT_EQ(layer.weights(), std::vector<float>{1});
    EXPECT_EQ(layer.bias(), std::vector<float>{0});
}

TEST(ParametersFile, RefusesLayersThatItCannotSave) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer empty(1, 1), a(1, 1, {name("a"), weights({1})}), b(1, 1, {name("a"), weights({1})});
    EXPECT_EQ(error_of([&] { save_parameters(path, {&empty}); }),
              "convolution1dLayer: has no weights to save; expected an initialized layer");
    EXPECT_EQ(error_of([&] { save_parameters(path, {&a}); }),
              "convolution1dLayer 'a': has no bias to save; expected an initialized layer");
    EXPECT_EQ(error_of([&] {
                  save_parameters(path, {&a, &b});
              }),
              "parameters file: two layers have the name 'a'; expected one of its own for each");
    EXPECT_EQ(error_of([&] { save_parameters(path, {nullptr}); }),
              "parameters file: a layer is null; expected layers");
    a.set_bias({1});
    a.set_name("\xff");
    EXPECT_EQ(error_of([&] { save_parameters(path, {&a}); }),
              "parameters file: a layer's name is not UTF-8; expected one that is");
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ParametersFile, RefusesArraysThatAreNotTheLayers) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer layer(3, 2, {weights(std::vector<float>(12, 1.f)), bias({1, 1})});
    save_parameters(path, {&layer});
    const auto refusal = [&](AnyLayer &&other) {
        return runtime_error_of([&] { load_parameters(path, {&other}); }).substr(path.size());
    };
    EXPECT_EQ(refusal(Convolution1DLayer(4, 2)),
              ": array 'conv1d.weight' has shape [2,2,3]; expected [2,2,4]");
    EXPECT_EQ(refusal(Convolution1DLayer(3, 2, {num_channels(3)})),
              ": array 'conv1d.weight' has shape [2,2,3]; expected [2,3,3]");
    EXPECT_EQ(refusal(Convolution1DLayer64(3, 2)),
              ": array 'conv1d.weight' is F32; expected F64, the element type of its layer");
    EXPECT_EQ(refusal(Convolution1DLayer(3, 2, {name("b")})), ": has no array 'b.weight'; expected one");
    EXPECT_EQ(refusal(TransposedConvolution1DLayer(3, 1, {name("conv1d")})),
              ": array 'conv1d.weight' has shape [2,2,3]; expected [2,1,3]");
}

/// An array without elements may state any other size: the product with Groups is no channel count.
TEST(ParametersFile, RefusesSizesBeyondCounting) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    folder.write(file, file_of(R"({"conv1d.weight":{"dtype":"F32","shape":[0,4611686018427387904,3],)"
                               R"("data_offsets":[0,0]}})",
                               ""));
    Convolution1DLayer layer(3, 4, {groups(4)});
    EXPECT_EQ(runtime_error_of([&] { load_parameters(path, {&layer}); }),
              path + ": array 'conv1d.weight' has shape [0,4611686018427387904,3]; expected "
                     "[4,2147483647,3]");
}

/// The file has the first one's arrays only.
TEST(ParametersFile, ChangesNoLayerIfOneIsRefused) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer layer(1, 1, {weights({1}), bias({1})});
    save_parameters(path, {&layer});
    Convolution1DLayer first(1, 1, {weights({2}), bias({2})}), second(1, 1);
    runtime_error_of([&] { load_parameters(path, {&first, &second}); });
    EXPECT_EQ(first.weights(), std::vector<float>{2});
    EXPECT_EQ(first.bias(), std::vector<float>{2});
}

TEST(ParametersFile, RefusesOtherFiles) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer layer(1, 1);
    const auto refusal = [&](const std::string &bytes) {
        folder.write(file, bytes);
        return runtime_error_of([&] { load_parameters(path, {&layer}); }).substr(path.size());
    };
    const std::string array = R"({"conv1d.weight":{"dtype":"F32","shape":[1,1,1],"data_offsets":[0,4]}})";
    const std::string disagree = ": has no dtype, shape and data_offsets of array 'conv1d.weight' that agree "
                                 "with each other and with the file; expected a safetensors file";
    EXPECT_EQ(refusal("short"), ": ends early or cannot be read; expected a safetensors file");
    EXPECT_EQ(
        refusal("PK\3\4 something else"),
        ": states a header of 7885648053892500304 bytes; expected at most 11, as a safetensors file has");
    EXPECT_EQ(refusal(file_of("[1]", "")),
              ": has a header that is no JSON object; expected a safetensors file");
    EXPECT_EQ(refusal(file_of("{", "")),
              ": has a header that is no JSON object; expected a safetensors file");
    EXPECT_EQ(refusal(file_of(array, "\1\2\3")), disagree);
    const std::string deep = ": has a header that is nested too deep; expected a safetensors file";
    EXPECT_EQ(refusal(file_of(R"({"other":{"shape":[[1]]}})", "")), deep);
    EXPECT_EQ(refusal(file_of(R"({"other":)" + std::string(1'000'000, '['), "")), deep);
    for (const char *entry : {"1", "{}", R"({"dtype":1,"shape":[1,1,1],"data_offsets":[0,4]})",
                              R"({"dtype":"F32","shape":[1,1,-1],"data_offsets":[0,4]})",
                              R"({"dtype":"F32","shape":[1,1,1.5],"data_offsets":[0,4]})",
                              R"({"dtype":"F32","shape":[1,1,2],"data_offsets":[0,4]})",
                              R"({"dtype":"F32","shape":[1,1,1],"data_offsets":[4,0]})",
                              R"({"dtype":"F32","shape":[1,1,1],"data_offsets":[0,4,8]})",
                              R"({"dtype":"F32","shape":[1,1,1],"data_offsets":[0,18446744073709551615]})",
                              R"({"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,0]})",
                              R"({"dtype":"F32","shape":[1,1,1],"data_offsets":[0,3]})"}) {
        EXPECT_EQ(refusal(file_of(R"({"conv1d.weight":)" + std::string(entry) + "}", "1234")), disagree)
            << entry;
    }
    std::filesystem::remove(path);
    EXPECT_EQ(runtime_error_of([&] { load_parameters(path, {&layer}); }),
              path + ": cannot be read; expected a safetensors file");
    EXPECT_NE(runtime_error_of([&] { load_parameters(folder / "", {&layer}); }), "nothing was thrown");
    EXPECT_TRUE(layer.weights().empty());
}

/// Each byte of the header changed, and the file cut at each place: read or refused, but nothing worse.
TEST(ParametersFile, TakesDamagedFiles) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    Convolution1DLayer layer(1, 1, {weights({1}), bias({1})});
    save_parameters(path, {&layer});
    const std::string whole = folder.read(file);
    int refused = 0;
    const auto load = [&](const std::string &bytes) {
        folder.write(file, bytes);
        Convolution1DLayer other(1, 1);
        refused += runtime_error_of([&] { load_parameters(path, {&other}); }) != "nothing was thrown";
    };
    for (std::size_t i = 0; i < whole.size(); i++) {
        load(whole.substr(0, i));
        for (const int change : {1, 2, 4, 8, 16, 32, 64, 128}) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ change);
            load(changed);
        }
    }
    EXPECT_GT(refused, static_cast<int>(whole.size()));
}

TEST(ParametersFile, AFullDiskLeavesTheOldFile) {
    const TemporaryFolder folder;
    const std::string path = folder / file;
    folder.write(file, "old");
    Convolution1DLayer layer(1, 1, {weights(std::vector<float>(4096, 1.f)), bias({1})});
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 4096;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string sentence = runtime_error_of([&] { save_parameters(path, {&layer}); });
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(sentence, path + " cannot be written: File too large");
    EXPECT_EQ(folder.read(file), "old");
    EXPECT_EQ(folder.names(), std::set<std::string>{file});
}

} // namespace
} // namespace conv1d::testing
