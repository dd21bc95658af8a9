// The text of a problem, and the names in it.
#include "conv1d/problem.h"
#include "problem_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <vector>

namespace conv1d {
namespace {

constexpr std::array<const char *, 2> element_names{"float32", "float64"};
constexpr std::array<const char *, 3> memory_order_names{"scb", "cbt", "strided"};
constexpr std::array<const char *, 5> padding_mode_names{"constant", "replicate", "symmetric-include-edge",
                                                         "symmetric-exclude-edge", "circular"};
constexpr std::array<const char *, 8> activation_names{"none",      "relu", "leaky-relu", "gelu",
                                                       "gelu-tanh", "silu", "tanh",       "sigmoid"};

std::string text(double value) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

template <class Number>
bool read_number(std::string_view text, Number &value) {
    const char *end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end;
}

template <class Enum, std::size_t N>
bool read_name(std::string_view text, const std::array<const char *, N> &names, Enum &value) {
    for (std::size_t i = 0; i < N; i++) {
        if (text == names[i]) {
            value = static_cast<Enum>(i);
            return true;
        }
    }
    return false;
}

/// "unknown" for a number that is no value's.
template <class Enum, std::size_t N>
const char *name_of(const std::array<const char *, N> &names, Enum value) noexcept {
    const auto i = static_cast<std::size_t>(value);
    return i < N ? names[i] : "unknown";
}

bool take_prefix(std::string_view &text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix)
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool read_ends(std::string_view part, Problem &p) {
    const std::size_t x = part.find('x');
    return x != std::string_view::npos && read_number(part.substr(0, x), p.left) &&
           read_number(part.substr(x + 1), p.right);
}

/// Reads a part whose word says what it is. Longer words first: `pad-` before `p`.
/// \return the member that it sets, or null if the part is not understood
const void *read_behaviour(std::string_view part, Problem &p) {
    if (read_name(part, element_names, p.element))
        return &p.element;
    if (read_name(part, memory_order_names, p.order))
        return &p.order;
    if (part == "residual") {
        p.residual = true;
        return &p.residual;
    }
    if (part == "minimal") {
        p.minimal_filtering = true;
        return &p.minimal_filtering;
    }
    if (take_prefix(part, "pad-")) {
        if (read_name(part, padding_mode_names, p.padding_mode))
            return &p.padding_mode;
        return read_number(part, p.padding_value) ? &p.padding_value : nullptr;
    }
    if (take_prefix(part, "in-slope-"))
        return read_number(part, p.input_slope) ? &p.input_slope : nullptr;
    if (take_prefix(part, "in-"))
        return read_name(part, activation_names, p.input_activation) ? &p.input_activation : nullptr;
    if (take_prefix(part, "act-slope-"))
        return read_number(part, p.slope) ? &p.slope : nullptr;
    if (take_prefix(part, "act-"))
        return read_name(part, activation_names, p.activation) ? &p.activation : nullptr;
    if (take_prefix(part, "p"))
        return read_ends(part, p) ? &p.left : nullptr;
    return nullptr;
}

/// The same of any part.
const void *read_part(std::string_view part, Problem &p) {
    if (const void *member = read_behaviour(part, p))
        return member;
    for (const IntegerField &field : integer_fields) {
        std::string_view rest = part;
        if (take_prefix(rest, field.letter) && read_number(rest, p.*field.member))
            return &(p.*field.member);
    }
    return nullptr;
}

template <std::size_t N>
std::string one_of(const std::array<const char *, N> &names) {
    std::string text;
    for (const char *name : names)
        text += (text.empty() ? "one of " : " ") + std::string(name);
    return text;
}

/// Instead of a part that read_part() does not understand.
std::string expected_of(std::string_view part) {
    for (const char *prefix : {"act-slope-", "in-slope-"}) {
        if (take_prefix(part, prefix))
            return prefix + std::string(" with a number");
    }
    for (const char *prefix : {"act-", "in-"}) {
        if (take_prefix(part, prefix))
            return prefix + std::string(" with ") + one_of(activation_names);
    }
    if (take_prefix(part, "pad-"))
        return "pad- with a number or " + one_of(padding_mode_names);
    return "a letter of n c l f k s d g o with an integer below 2^63, p<left>x<right>, float64, cbt, "
           "strided, "
           "pad-, act-, act-slope-, in- or in-slope- with a value, residual or minimal";
}

void write_activation(std::string &s, const char *prefix, Activation activation, double slope) {
    if (activation != Activation::none) {
        s += std::string("_") + prefix + name_of(activation_names, activation);
    }
    if (slope != default_slope(activation))
        s += std::string("_") + prefix + "slope-" + text(slope);
}

} // namespace

const char *to_string(ElementType element) noexcept {
    return name_of(element_names, element);
}

const char *to_string(Activation activation) noexcept {
    return name_of(activation_names, activation);
}

std::optional<Activation> find_activation(std::string_view name) noexcept {
    Activation activation{};
    return read_name(name, activation_names, activation) ? std::optional(activation) : std::nullopt;
}

const char *to_string(MemoryOrder order) noexcept {
    return name_of(memory_order_names, order);
}

std::string to_string(const Problem &p) {
    std::string s = p.operation == Operation::convolution ? "conv" : "tconv";
    const Problem defaults;
    if (p.element != defaults.element)
        s += std::string("_") + to_string(p.element);
    if (p.order != defaults.order)
        s += std::string("_") + to_string(p.order);
    for (const IntegerField &field : integer_fields) {
        if (p.*field.member != defaults.*field.member)
            s += "_" + (field.letter + std::to_string(p.*field.member));
    }
    if (p.left != 0 || p.right != 0)
        s += "_p" + std::to_string(p.left) + "x" + std::to_string(p.right);
    if (p.padding_mode != PaddingMode::constant) {
        s += std::string("_pad-") + name_of(padding_mode_names, p.padding_mode);
    }
    if (p.padding_value != 0)
        s += "_pad-" + text(p.padding_value);
    write_activation(s, "in-", p.input_activation, p.input_slope);
    write_activation(s, "act-", p.activation, p.slope);
    if (p.residual)
        s += "_residual";
    if (p.minimal_filtering)
        s += "_minimal";
    return s;
}

std::string layer_string(Problem p) {
    const Problem defaults;
    p.batch = defaults.batch;
    p.length = defaults.length;
    return to_string(p);
}

namespace {

/// \param default_length  that of a text without one, once all else is read
Problem parse(std::string_view whole, std::int64_t (*default_length)(const Problem &)) {
    const auto fail = [&](std::string_view part, const std::string &what_is_wrong) {
        throw std::invalid_argument("problem string '" + std::string(whole) + "': '" + std::string(part) +
                                    "' " + what_is_wrong);
    };
    Problem p;
    std::string_view rest = whole;
    const auto next = [&] {
        const std::size_t end = std::min(rest.find('_'), rest.size());
        const std::string_view part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return part;
    };
    const std::string_view operation = next();
    if (operation == "tconv") {
        p.operation = Operation::transposed_convolution;
    } else if (operation != "conv") {
        fail(operation, "is not understood; expected 'conv' or 'tconv' first");
    }
    std::vector<const void *> given;
    const auto is_given = [&](const void *member) {
        return std::find(given.begin(), given.end(), member) != given.end();
    };
    while (!rest.empty()) {
        const std::string_view part = next();
        const void *member = read_part(part, p);
        if (member == nullptr) {
            fail(part, "is not understood; expected " + expected_of(part));
        }
        if (is_given(member))
            fail(part, "sets again what a part before it set; expected each field once");
        given.push_back(member);
    }
    if (!whole.empty() && whole.back() == '_')
        fail("", "is not understood; expected no '_' at the end");
    if (!is_given(&p.length))
        p.length = default_length(p);
    if (!is_given(&p.input_slope))
        p.input_slope = default_slope(p.input_activation);
    if (!is_given(&p.slope))
        p.slope = default_slope(p.activation);
    if (const std::string problem = explain(p); !problem.empty()) {
        throw std::invalid_argument("problem string '" + std::string(whole) + "': " + problem);
    }
    return p;
}

/// Of a layer. Where the sizes are far too large, typical, so that explain() tells.
std::int64_t long_length(const Problem &p) {
    constexpr std::int64_t typical = 16384;
    const double cropped = p.operation == Operation::convolution
                               ? 0
                               : static_cast<double>(p.left) + std::max(0.0, static_cast<double>(p.right));
    const double beyond = (static_cast<double>(p.taps) - 1) * static_cast<double>(p.dilation) + cropped;
    const bool fits = beyond >= 0 && beyond <= std::numeric_limits<std::int32_t>::max();
    return typical + (fits ? static_cast<std::int64_t>(beyond) : 0);
}

} // namespace

Problem parse_problem(std::string_view text) {
    return parse(text, [](const Problem &p) { return p.length; });
}

Problem parse_layer(std::string_view text) {
    return parse(text, long_length);
}

} // namespace conv1d
