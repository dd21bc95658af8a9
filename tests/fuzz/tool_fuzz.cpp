// Command lines of the tool, in a folder of its own: one argument a line, and after an empty line the bytes
// of fuzz.npy.
#include "fuzz.h"
#include "tool_input.h"

#include "generators/tool/npy.h"
#include "generators/tool/tool.h"
#include "temporary_folder.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace conv1d::tool {
namespace {

using fuzz::require;
using Files = std::map<std::string, std::string>; // name and bytes

/// The folder, which the tool is called in.
class Folder {
public:
    Folder() {
        std::filesystem::current_path(folder_ / "");
        array("x.npy", {2, 3, 10}); // [B][C][S]
        array("t.npy", {10, 2, 3}); // [T][B][C]
        array("w.npy", {4, 3, 3});  // [filter][channel][tap], transposed [channel][filter][tap]
        array("b.npy", {4});
        write_npy("d.npy", {3, 10}, std::vector<double>(30, 0.5));
        given_ = read();
    }

    /// Puts the files back as they were.
    void restore(const std::string &fuzz) {
        given_["fuzz.npy"] = fuzz;
        const Files now = read();
        for (const auto &[name, bytes] : now) {
            if (!given_.contains(name))
                std::filesystem::remove_all(folder_ / name);
        }
        for (const auto &[name, bytes] : given_) {
            if (!now.contains(name) || now.at(name) != bytes)
                folder_.write(name, bytes);
        }
    }

    /// Nothing is there that was not, and nothing has changed, but for one whole file if the call succeeded.
    void check(bool succeeded) const {
        int outputs = 0;
        const Files now = read();
        for (const auto &[name, bytes] : given_)
            require(now.contains(name), name + " is still there");
        for (const auto &[name, bytes] : now) {
            if (given_.contains(name) && given_.at(name) == bytes)
                continue;
            require(succeeded, name + " is not written by a call that fails");
            require(name.find(".partial") == std::string::npos, name + " is not left behind");
            (void)read_npy(folder_ / name);
            outputs++;
        }
        require(outputs <= 1, "one output a call");
    }

private:
    static void array(const std::string &name, const NpyShape &shape) {
        std::size_t count = 1;
        for (const std::int64_t size : shape)
            count *= static_cast<std::size_t>(size);
        std::vector<float> values(count);
        for (std::size_t i = 0; i < count; i++)
            values[i] = static_cast<float>(i % 5) - 2;
        write_npy(name, shape, values);
    }

    Files read() const {
        Files files;
        for (const std::string &name : folder_.names())
            files[name] = folder_.read(name);
        return files;
    }

    testing::TemporaryFolder folder_;
    Files given_;
};

/// Keeps an argument in the folder, which has no other in it: a '/' stays within words only.
std::string without_paths(std::string text) {
    for (std::size_t i = 0; i < text.size(); i++) {
        if (text[i] == '/' && (i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0))
            text[i] = '_';
    }
    return text;
}

/// Keeps a call small: numbers have at most 3 digits, or too many to be taken.
std::string with_small_numbers(const std::string &text) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789", i), text.size()) - i;
        result += text.substr(i, digits == 0 ? 1 : digits < 12 ? std::min<std::size_t>(digits, 3) : digits);
        i += std::max<std::size_t>(digits, 1);
    }
    return result;
}

std::vector<std::string> arguments_of(const fuzz::ToolInput &input) {
    std::vector<std::string> arguments{"conv1d"};
    for (const std::string &argument : input.arguments)
        arguments.push_back(with_small_numbers(without_paths(argument.c_str())));
    return arguments;
}

void call(const std::vector<std::string> &arguments, Folder &folder) {
    std::vector<const char *> pointers;
    for (const std::string &argument : arguments)
        pointers.push_back(argument.c_str());
    std::ostringstream out, err;
    const int status = run_tool(static_cast<int>(pointers.size()), pointers.data(), out, err);
    require(status >= 0 && status <= 2, "the status is 0, 1 or 2");
    require((status == 0) == err.str().empty(),
            "there is a message exactly if the call failed: " + err.str());
    require(status == 0 || (err.str().starts_with("conv1d: ") && err.str().ends_with('\n')),
            "a message is a line of conv1d's: " + err.str());
    folder.check(status == 0);
}

} // namespace
} // namespace conv1d::tool

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    using namespace conv1d::tool;
    static Folder folder;
    const conv1d::fuzz::ToolInput input({reinterpret_cast<const char *>(data), size});
    if (std::ranges::count(input.arguments, "time") > 0)
        return -1; // measures for seconds
    folder.restore(input.file);
    call(arguments_of(input), folder);
    return 0;
}
