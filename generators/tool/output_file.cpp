#include "output_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace conv1d::tool {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string &path, const std::string &why) {
    throw std::runtime_error(path + " cannot be written: " + why);
}

struct Close {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

using File = std::unique_ptr<std::FILE, Close>;

/// Makes a file beside `place` under a name that is free, which it writes to `name`; null, with errno, if it
/// cannot.
File make_beside(const fs::path &place, fs::path &name) {
    const std::string stem = place.string() + "." + std::to_string(getpid()) + ".partial";
    name = stem;
    File file(std::fopen(name.c_str(), "wbx")); // x: not if there is one
    for (int i = 1; !file && errno == EEXIST; i++) {
        name = stem + std::to_string(i);
        file.reset(std::fopen(name.c_str(), "wbx"));
    }
    return file;
}

/// \return errno of a failure, or 0
int write_parts(File file, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
        if (std::fwrite(part.data(), 1, part.size(), file.get()) != part.size())
            return errno;
    }
    return std::fclose(file.release()) == 0 ? 0 : errno;
}

} // namespace

fs::path output_place(const std::string &path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status))
        fail(path, "it is a folder; expected the name of a file");
    if (fs::exists(status)) {
        if (!fs::is_regular_file(status)) // renaming would replace a device or a pipe
            fail(path, "it is no regular file; expected the name of a file");
        return fs::canonical(path);
    }
    const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : ".";
    if (path.empty() || !fs::is_directory(folder, error))
        fail("'" + path + "'", "folder '" + folder.string() + "' does not exist; expected one that does");
    return path;
}

void write_whole(const std::string &path, std::initializer_list<std::string_view> parts) {
    const fs::path place = output_place(path);
    fs::path partial;
    File file = make_beside(place, partial);
    if (!file)
        fail(path, std::generic_category().message(errno));
    std::error_code error(write_parts(std::move(file), parts), std::generic_category());
    if (!error)
        fs::rename(partial, place, error);
    if (error) {
        std::error_code ignored;
        fs::remove(partial, ignored);
        fail(path, error.message());
    }
}

} // namespace conv1d::tool
