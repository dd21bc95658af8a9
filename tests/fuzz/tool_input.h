#pragma once

#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace conv1d::fuzz {

/// An input of the tool's fuzzer as text: one argument a line, and after an empty line the bytes of fuzz.npy.
struct ToolInput {
    std::vector<std::string> arguments;
    std::string file;

    explicit ToolInput(const std::string &text) {
        std::istringstream in(text);
        for (std::string line; std::getline(in, line) && !line.empty();)
            arguments.push_back(line);
        file.assign(std::istreambuf_iterator<char>(in), {});
    }

    std::string text() const {
        std::string result;
        for (const std::string &argument : arguments)
            result += argument + '\n';
        return file.empty() ? result : result + '\n' + file;
    }
};

} // namespace conv1d::fuzz
