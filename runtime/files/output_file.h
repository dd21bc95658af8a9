#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace conv1d::detail {

/// Where a file of that name goes: the file itself, or the one that a link leads to.
/// \throws std::runtime_error if its folder is missing, something else than a file has the name, it is a link
/// to nothing, or the file there is write-protected
std::filesystem::path output_place(const std::string &path);

/// Writes these parts, one after the other, to output_place(). The file appears whole or not at all: they go
/// to a file without a name in its folder (with a temporary name where the file system has no such files),
/// which is put in its place at the end, with the permissions of the one that was there. \throws
/// std::runtime_error
void write_whole(const std::string &path, const std::vector<std::string_view> &parts);

} // namespace conv1d::detail
