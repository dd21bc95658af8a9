#include "option_text.h"

#include "conv1d/layers.h"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace conv1d::tool {
namespace {

[[noreturn]] void refuse(const std::string &option, const std::string &text, const std::string &expected) {
    throw std::invalid_argument(option + " is '" + text + "'; expected " + expected);
}

template <class Number>
bool read_all(std::string_view text, Number &value) {
    const char *end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end;
}

bool read_size(std::string_view text, std::int64_t &value) {
    return read_all(text, value) && value >= 0 && value <= largest_integer;
}

bool is_padding_name(const std::string &text) {
    for (const PaddingMode mode : {PaddingMode::replicate, PaddingMode::symmetric_include_edge,
                                   PaddingMode::symmetric_exclude_edge, PaddingMode::circular}) {
        if (text == padding_value_name(mode))
            return true;
    }
    return false;
}

} // namespace

std::int64_t read_integer(const std::string &option, const std::string &text, std::int64_t least,
                          std::int64_t most) {
    std::int64_t value = 0;
    if (!read_all(text, value) || value < least || value > most)
        refuse(option, text, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
    return value;
}

double read_number(const std::string &option, const std::string &text) {
    double value = 0;
    if (!read_all(text, value) || !std::isfinite(value))
        refuse(option, text, "a finite number");
    return value;
}

Value read_ends(const std::string &option, const std::string &text, bool causal_allowed) {
    if (text == "same" || (text == "causal" && causal_allowed))
        return text;
    std::int64_t left = 0, right = 0;
    const std::size_t comma = text.find(',');
    const bool read = comma == std::string::npos ? read_size(text, left) && read_size(text, right)
                                                 : read_size(text.substr(0, comma), left) &&
                                                       read_size(text.substr(comma + 1), right);
    if (!read) {
        refuse(option, text,
               std::string("'same', ") + (causal_allowed ? "'causal', " : "") +
                   "or one or two nonnegative integers such as 3 or 3,4");
    }
    return Value{left, right};
}

Value read_padding_value(const std::string &option, const std::string &text) {
    if (is_padding_name(text))
        return text;
    double value = 0;
    if (!read_all(text, value) || !std::isfinite(value)) {
        refuse(option, text,
               "a finite number, 'replicate', 'symmetric-include-edge', 'symmetric-exclude-edge' or "
               "'circular'");
    }
    return value;
}

} // namespace conv1d::tool
