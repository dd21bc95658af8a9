#include "bench/shapes.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <stdexcept>

namespace conv1d::bench {
namespace {

/// Cells of one line; a quoted cell may hold commas.
std::vector<std::string> split(const std::string &line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

using Row = std::map<std::string, std::string>;

const std::string &cell(const Row &row, const std::string &column) {
    const auto found = row.find(column);
    if (found == row.end())
        throw std::invalid_argument("column '" + column + "' is missing");
    return found->second;
}

std::int64_t integer(const Row &row, const std::string &column) {
    const std::string &text = cell(row, column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument(column + " is '" + text + "'; expected an integer");
    return value;
}

/// The row as a problem string, so that its grammar and its checks are the ones of every other place.
std::string problem_string(const Row &row) {
    const std::string &kind = cell(row, "kind");
    if (kind != "conv" && kind != "transposed")
        throw std::invalid_argument("kind is '" + kind + "'; expected conv or transposed");
    std::string text = kind == "conv" ? "conv" : "tconv";
    const std::pair<const char *, const char *> fields[] = {
        {"_n", "batch"},  {"_c", "channels"}, {"_l", "length"}, {"_f", "filters"},       {"_k", "kernel"},
        {"_s", "stride"}, {"_d", "dilation"}, {"_g", "groups"}, {"_o", "output_padding"}};
    for (const auto &[letter, column] : fields)
        text += letter + std::to_string(integer(row, column));
    text += "_p" + std::to_string(integer(row, "pad_left")) + "x" + std::to_string(integer(row, "pad_right"));
    return text + "_pad-" + cell(row, "padding_value");
}

Layer layer_of(const std::vector<std::string> &header, const std::vector<std::string> &cells) {
    if (cells.size() != header.size()) {
        throw std::invalid_argument(std::to_string(cells.size()) + " cells; expected " +
                                    std::to_string(header.size()));
    }
    Row row;
    for (std::size_t i = 0; i < header.size(); i++)
        row[header[i]] = cells[i];
    return {cell(row, "name"), parse_problem(problem_string(row))};
}

} // namespace

std::vector<Layer> read_shapes(const std::string &path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line))
        throw std::invalid_argument("shapes file '" + path +
                                    "' cannot be read; expected a CSV file with a header");
    const std::vector<std::string> header = split(line);
    std::vector<Layer> layers;
    for (int number = 2; std::getline(file, line); number++) {
        if (line.empty())
            continue;
        try {
            layers.push_back(layer_of(header, split(line)));
        } catch (const std::invalid_argument &error) {
            throw std::invalid_argument("shapes file '" + path + "', line " + std::to_string(number) + ": " +
                                        error.what());
        }
    }
    return layers;
}

std::vector<Layer> layers_named(const std::vector<Layer> &layers, const std::vector<std::string> &names) {
    std::vector<Layer> named;
    for (const std::string &name : names) {
        const auto found = std::ranges::find(layers, name, &Layer::name);
        if (found == layers.end())
            throw std::invalid_argument("layer is '" + name + "'; expected the name of one of " +
                                        std::to_string(layers.size()) + " layers, such as '" +
                                        (layers.empty() ? "" : layers.front().name) + "'");
        named.push_back(*found);
    }
    return names.empty() ? layers : named;
}

} // namespace conv1d::bench
