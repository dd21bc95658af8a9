#include "error_text.h"

namespace conv1d::detail {

std::string layer_title(Operation operation, const std::string &name) {
    const std::string title =
        operation == Operation::convolution ? "convolution1dLayer" : "transposedConv1dLayer";
    return name.empty() ? title : title + " '" + name + "'";
}

std::string list_text(const Sizes &sizes) {
    std::string text = "[";
    for (int i = 0; i < sizes.rank(); i++)
        text += (i > 0 ? " " : "") + std::to_string(sizes[i]);
    return text + "]";
}

std::string list_text(Ends ends) {
    return list_text(Sizes{ends.first, ends.second});
}

std::string join(const std::vector<std::string_view> &words) {
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty())
            text += ", ";
        text += word;
    }
    return text;
}

} // namespace conv1d::detail
