#pragma once

#include "generators/tool/tool.h"

#include <sstream>
#include <string>
#include <vector>

namespace conv1d::testing {

/// What came of a call of the program in this process.
struct Called {
    int status;
    std::string out, err;
};

/// \param line  arguments, with a space between two
inline Called call_tool(const std::string &line) {
    std::vector<std::string> words{"conv1d"};
    std::istringstream in(line);
    for (std::string word; in >> word;)
        words.push_back(word);
    std::vector<const char *> pointers;
    for (const std::string &word : words)
        pointers.push_back(word.c_str());
    std::ostringstream out, err;
    const int status = tool::run_tool(static_cast<int>(pointers.size()), pointers.data(), out, err);
    return {status, out.str(), err.str()};
}

} // namespace conv1d::testing
