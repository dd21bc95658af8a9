#include "output_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace conv1d::detail {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string &path, const std::string &why) {
    throw std::runtime_error(path + " cannot be written: " + why);
}

fs::path folder_of(const fs::path &path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

struct Close {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

using File = std::unique_ptr<std::FILE, Close>;

/// A file in `folder` that has no name yet, so that nothing is left of it when the program is stopped; null
/// where the file system has none.
File open_unnamed(const fs::path &folder) {
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    return File(descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb"));
}

/// A file in `folder` under a name that is free, which it writes to `name`; null, with errno, if it cannot.
File open_named(const fs::path &folder, fs::path &name) {
    File file;
    for (int i = 0; !file && (i == 0 || errno == EEXIST); i++) {
        name = folder / (".conv1d-" + std::to_string(getpid()) + "-" + std::to_string(i) + ".partial");
        file.reset(std::fopen(name.c_str(), "wbx")); // x: not if there is one
    }
    return file;
}

/// Gives an unnamed file a name in `folder` that is free, and writes that to `name`. \return errno of a
/// failure, or 0
int link_file(std::FILE *file, const fs::path &folder, fs::path &name) {
    const std::string unnamed = "/proc/self/fd/" + std::to_string(::fileno(file));
    for (int i = 0;; i++) {
        name = folder / (".conv1d-" + std::to_string(getpid()) + "-" + std::to_string(i) + ".partial");
        if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0)
            return 0;
        if (errno != EEXIST)
            return errno;
    }
}

/// To the disk, so that not even a computer that stops leaves half a file under a name. \return errno of a
/// failure, or 0
int write_parts(std::FILE *file, const std::vector<std::string_view> &parts) {
    for (const std::string_view part : parts) {
        if (std::fwrite(part.data(), 1, part.size(), file) != part.size())
            return errno;
    }
    if (std::fflush(file) != 0)
        return errno;
    if (::fsync(::fileno(file)) != 0 && errno != EINVAL) // which is of file systems that have no such thing
        return errno;
    return 0;
}

/// The new file has the permissions of the one that it replaces.
int copy_permissions(const fs::path &place, std::FILE *file) {
    struct stat old {};
    if (::stat(place.c_str(), &old) != 0)
        return 0; // there is none
    return ::fchmod(::fileno(file), old.st_mode & 07777) == 0 ? 0 : errno;
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
        if (::access(path.c_str(), W_OK) != 0)
            fail(path, "it is protected; expected a file that may be written");
        return fs::canonical(path);
    }
    if (fs::is_symlink(fs::symlink_status(path, error)))
        fail(path, "it is a link to nothing; expected a file, or a name that is free");
    if (path.empty())
        fail("''", "it is no name; expected that of a file");
    const fs::path folder = folder_of(path);
    if (!fs::is_directory(folder, error))
        fail("'" + path + "'", "folder '" + folder.string() + "' does not exist; expected one that does");
    return path;
}

void write_whole(const std::string &path, const std::vector<std::string_view> &parts) {
    const fs::path place = output_place(path), folder = folder_of(place);
    fs::path partial; // no name yet if empty
    File file = open_unnamed(folder);
    if (!file)
        file = open_named(folder, partial);
    if (!file)
        fail(path, std::generic_category().message(errno));
    int failed = write_parts(file.get(), parts);
    if (failed == 0)
        failed = copy_permissions(place, file.get());
    if (failed == 0 && partial.empty())
        failed = link_file(file.get(), folder, partial);
    std::error_code error(failed, std::generic_category());
    if (!error)
        fs::rename(partial, place, error);
    if (error) {
        std::error_code ignored;
        fs::remove(partial, ignored);
        fail(path, error.message());
    }
}

} // namespace conv1d::detail
