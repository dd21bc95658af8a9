#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace conv1d::tool {

/// Where a file of that name goes: the file itself, or the one that a link leads to.
/// \throws std::runtime_error if its folder is missing or something else than a file has the name
std::filesystem::path output_place(const std::string &path);

/// Writes these parts, one after the other, to output_place(). The file appears whole or not at all: they go
/// to a temporary file beside it, which is renamed at the end and removed when anything fails. \throws
/// std::runtime_error
void write_whole(const std::string &path, std::initializer_list<std::string_view> parts);

} // namespace conv1d::tool
