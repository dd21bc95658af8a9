#include "layers.h"

#include "words.h"

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace conv1d::list {
namespace {

/// Without spaces at its ends and without a comment.
std::string stripped(std::string line) {
    line = line.substr(0, line.find('#'));
    const char *spaces = " \t\r";
    const std::size_t first = line.find_first_not_of(spaces);
    if (first == std::string::npos)
        return {};
    return line.substr(first, line.find_last_not_of(spaces) - first + 1);
}

/// Without the UTF-8 byte order mark that some editors begin a file with.
std::string without_mark(const std::string &line) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return line.substr(0, mark.size()) == mark ? line.substr(mark.size()) : line;
}

std::string number(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

/// What no layer of the library has, so that its kernel would never be used.
std::string without_a_layer(const Problem &p) {
    for (const auto &[prefix, activation, slope] :
         {std::tuple{"act-", p.activation, p.slope}, {"in-", p.input_activation, p.input_slope}}) {
        if (activation != Activation::leaky_relu && slope != 0)
            return std::string(prefix) + "slope-" + number(slope) + " is given; expected " + prefix +
                   "leaky-relu with it";
    }
    if (p.operation == Operation::transposed_convolution &&
        (p.padding_mode != PaddingMode::constant || p.padding_value != 0))
        return "pad- is given; expected a convolution, as a transposed one pads nothing";
    for (const double value : {p.padding_value, p.input_slope, p.slope}) {
        if (!std::isfinite(rounded(p.element, value)))
            return number(value) + " is beyond float32; expected at most 3.4e38";
    }
    return {};
}

void add_layer(std::vector<Layer> &layers, const std::string &text, const std::string &place) {
    try {
        layers.push_back({parse_layer(text), place});
        (void)parse_layer(layer_string(layers.back().problem)); // what the generator is told
        if (const std::string wrong = without_a_layer(layers.back().problem); !wrong.empty())
            throw std::invalid_argument("problem string '" + text + "': " + wrong);
    } catch (const std::invalid_argument &error) {
        throw std::invalid_argument(place + ": " + error.what());
    }
    const std::string name = layer_string(layers.back().problem);
    for (std::size_t i = 0; i + 1 < layers.size(); i++) {
        if (layer_string(layers[i].problem) == name)
            throw std::invalid_argument(place + ": " + name + " is a layer of " + layers[i].place +
                                        ", too; expected each once");
    }
}

} // namespace

std::vector<Layer> read_layers(const std::string &path) {
    std::ifstream file(path);
    std::vector<Layer> layers;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        number++;
        const std::string text = stripped(number == 1 ? without_mark(line) : line);
        if (!text.empty())
            add_layer(layers, text, path + ":" + std::to_string(number));
    }
    if (!file.eof())
        throw std::invalid_argument(path +
                                    ": is no file that can be read; expected a file of layers, or problem "
                                    "strings, which begin with conv or tconv");
    if (layers.empty())
        throw std::invalid_argument(path + ": has no layer; expected a problem string a line");
    return layers;
}

std::vector<Layer> parse_layers(const std::string &list) {
    std::vector<Layer> layers;
    for (const std::string &text : words(list))
        add_layer(layers, text, "LAYERS, entry " + std::to_string(layers.size() + 1));
    if (layers.empty())
        throw std::invalid_argument("LAYERS: has no layer; expected problem strings, or a file of them");
    return layers;
}

} // namespace conv1d::list
