#pragma once

#include <string>
#include <vector>

namespace conv1d::list {

/// What stands between commas.
inline std::vector<std::string> words(const std::string &list) {
    std::vector<std::string> result;
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        result.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

} // namespace conv1d::list
