#include "npy_header.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace conv1d::tool {
namespace {

/// Of foreign text, what an error message can show.
std::string shown(std::string_view text) {
    std::string result(text.substr(0, 40));
    std::ranges::replace_if(
        result, [](char c) { return c < ' ' || c > '~'; }, '?');
    return "'" + result + (text.size() > 40 ? "...'" : "'");
}

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    NpyHeader read() {
        NpyHeader header;
        need('{');
        while (!take('}')) {
            read_entry(header);
            if (!take(',')) {
                need('}');
                break;
            }
        }
        skip_space();
        if (!rest_.empty())
            fail("nothing more");
        if (!has_descr_ || !has_order_ || !has_shape_)
            throw std::invalid_argument(
                "has an incomplete header; expected 'descr', 'fortran_order' and 'shape'");
        return header;
    }

private:
    [[noreturn]] void fail(const std::string &expected) const {
        throw std::invalid_argument("has a header with " + shown(rest_) + "; expected " + expected +
                                    " there");
    }

    void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size())); }

    bool take(std::string_view token) {
        skip_space();
        if (!rest_.starts_with(token))
            return false;
        rest_.remove_prefix(token.size());
        return true;
    }
    bool take(char token) { return take(std::string_view(&token, 1)); }

    void need(char token) {
        if (!take(token))
            fail(std::string("'") + token + "'");
    }

    void read_entry(NpyHeader &header) {
        const std::string_view at = rest_;
        const std::string key = text("one of the keys 'descr', 'fortran_order' and 'shape'");
        need(':');
        bool *known = key == "descr"           ? &has_descr_
                      : key == "fortran_order" ? &has_order_
                      : key == "shape"         ? &has_shape_
                                               : nullptr;
        if (known == nullptr || *known) {
            rest_ = at;
            fail("each of the keys 'descr', 'fortran_order' and 'shape' once");
        }
        *known = true;
        if (known == &has_descr_)
            header.descr = text("the name of a type such as '<f4', and no fields,");
        else if (known == &has_order_)
            header.fortran_order = boolean();
        else
            header.shape = shape();
    }

    std::string text(const char *expected) {
        skip_space();
        const char quote = rest_.empty() ? ' ' : rest_.front();
        const std::size_t end = rest_.find(quote, 1);
        if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
            fail(expected);
        const std::string_view inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        const std::string printable = shown(inside);
        return printable.substr(1, printable.size() - 2);
    }

    bool boolean() {
        if (take("True"))
            return true;
        if (!take("False"))
            fail("True or False");
        return false;
    }

    NpyShape shape() {
        NpyShape sizes;
        need('(');
        bool comma = true;
        while (!take(')')) {
            if (!comma || sizes.size() == most_sizes)
                fail("a tuple of at most " + std::to_string(most_sizes) + " sizes");
            sizes.push_back(size());
            comma = take(',');
        }
        if (sizes.size() == 1 && !comma)
            fail("',' after the only size");
        return sizes;
    }

    std::int64_t size() {
        skip_space();
        std::int64_t value = -1;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc() || value < 0)
            fail("a nonnegative integer of 63 bits");
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        take('L'); // Python 2 wrote it
        return value;
    }

    static constexpr std::size_t most_sizes = 64; // of a NumPy array

    std::string_view rest_;
    bool has_descr_ = false, has_order_ = false, has_shape_ = false;
};

} // namespace

std::string to_string(const NpyShape &shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); i++)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

NpyHeader parse_npy_header(std::string_view text) {
    return Reader(text).read();
}

std::string npy_header_text(const NpyHeader &header) {
    constexpr std::size_t before = 10, alignment = 64;
    std::string text = "{'descr': '" + header.descr +
                       "', 'fortran_order': " + (header.fortran_order ? "True" : "False") +
                       ", 'shape': " + to_string(header.shape) + ", }";
    const std::size_t used = before + text.size() + 1;
    text.append((alignment - used % alignment) % alignment, ' ');
    return text + '\n';
}

} // namespace conv1d::tool
