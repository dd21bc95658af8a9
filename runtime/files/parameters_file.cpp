#include "conv1d/parameters_file.h"

#include "conv1d/display.h"
#include "output_file.h"
#include "runtime/src/error_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

// A file: the header's byte count as a little-endian uint64, the header, the arrays' bytes. The header is a
// JSON object of {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]} by name, where the offsets
// count from the header's end.
namespace conv1d {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_header_bytes = 100'000'000; // as the format's own reader has it
constexpr int most_header_depth = 3;                     // the object, that of an array, a list in it

[[noreturn]] void fail(const std::string &path, const std::string &sentence) {
    throw std::runtime_error(path + ": " + sentence);
}

const char *dtype_of(ElementType element) {
    return element == ElementType::float32 ? "F32" : "F64";
}

std::uint64_t bytes_of(ElementType element) {
    return element == ElementType::float32 ? sizeof(float) : sizeof(double);
}

/// The names of the layers in a file.
std::vector<std::string> names_of(const std::vector<const AnyLayer *> &layers) {
    if (std::find(layers.begin(), layers.end(), nullptr) != layers.end())
        throw std::invalid_argument("parameters file: a layer is null; expected layers");
    std::vector<std::string> names = layer_names(layers);
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) {
        throw std::invalid_argument("parameters file: two layers have the name '" + *twice +
                                    "'; expected one of its own for each");
    }
    return names;
}

/// As the file has them, slowest index first.
std::vector<std::int64_t> weights_shape(const AnyLayer &layer, std::int64_t channels) {
    const Sizes size = layer.weights_size(channels);
    return {size[2], size[1], size[0]};
}

/// Calls f with the layer as what it is.
template <class Layer, class F>
void typed(Layer &layer, F f) {
    if (layer.element() == ElementType::float32) {
        f(static_cast<
            std::conditional_t<std::is_const_v<Layer>, const BasicLayer<float>, BasicLayer<float>> &>(layer));
    } else {
        f(static_cast<std::conditional_t<std::is_const_v<Layer>, const BasicLayer<double>, BasicLayer<double>>
                          &>(layer));
    }
}

// Writing.

class Writer {
public:
    template <class T>
    void add(const std::string &name, const std::vector<std::int64_t> &shape, const std::vector<T> &values) {
        const std::string_view bytes(reinterpret_cast<const char *>(values.data()),
                                     values.size() * sizeof(T));
        header_[name] = {{"dtype", dtype_of(element_of<T>)},
                         {"shape", shape},
                         {"data_offsets", {end_, end_ + bytes.size()}}};
        end_ += bytes.size();
        parts_.push_back(bytes);
    }

    void write(const std::string &path) {
        std::string header;
        try {
            header = header_.dump();
        } catch (const Json::exception &) {
            throw std::invalid_argument("parameters file: a layer's name is not UTF-8; expected one that is");
        }
        header.resize((header.size() + 7) / 8 * 8, ' '); // which aligns the arrays
        std::array<char, 8> count;
        for (std::size_t i = 0; i < count.size(); i++)
            count[i] = static_cast<char>(header.size() >> 8 * i);
        parts_.insert(parts_.begin(), {std::string_view(count.data(), count.size()), header});
        detail::write_whole(path, parts_);
    }

private:
    Json header_ = Json::object();
    std::uint64_t end_ = 0;
    std::vector<std::string_view> parts_;
};

// Reading.

class Reader {
public:
    explicit Reader(const std::string &path) : path_(path), in_(path, std::ios::binary) {
        in_.seekg(0, std::ios::end);
        const std::streamoff bytes = in_ ? static_cast<std::streamoff>(in_.tellg()) : -1;
        in_.seekg(0);
        std::array<unsigned char, 8> count{};
        if (bytes < 0 || bytes == std::numeric_limits<std::streamoff>::max()) // a folder has that many
            fail(path_, "cannot be read; expected a safetensors file");
        read(count.data(), count.size(), static_cast<std::uint64_t>(bytes));
        std::uint64_t header_bytes = 0;
        for (std::size_t i = 0; i < count.size(); i++)
            header_bytes |= std::uint64_t(count[i]) << 8 * i;
        const std::uint64_t rest = static_cast<std::uint64_t>(bytes) - count.size();
        if (header_bytes > std::min(rest, most_header_bytes)) {
            fail(path_, "states a header of " + std::to_string(header_bytes) + " bytes; expected at most " +
                            std::to_string(std::min(rest, most_header_bytes)) +
                            ", as a safetensors file has");
        }
        std::string header(header_bytes, ' ');
        read(header.data(), header.size(), header_bytes);
        // A level takes far more memory than its byte, so that a deep header is not even read to its end.
        const auto shallow = [&](int depth, Json::parse_event_t event, const Json &) {
            const bool opens =
                event == Json::parse_event_t::array_start || event == Json::parse_event_t::object_start;
            if (opens && depth >= most_header_depth)
                fail(path_, "has a header that is nested too deep; expected a safetensors file");
            return true;
        };
        header_ = Json::parse(header, shallow, false);
        if (!header_.is_object())
            fail(path_, "has a header that is no JSON object; expected a safetensors file");
        data_ = count.size() + header_bytes;
        data_bytes_ = rest - header_bytes;
    }

    bool has(const std::string &name) const { return header_.contains(name); }

    /// The shape of an array, whose bytes are in the file.
    std::vector<std::int64_t> shape_of(const std::string &name, ElementType element) const {
        if (!has(name))
            fail(path_, "has no array '" + name + "'; expected one");
        const Json &entry = header_[name];
        const auto malformed = [&] {
            fail(path_, "has no dtype, shape and data_offsets of array '" + name +
                            "' that agree with each other and with the file; expected a safetensors file");
        };
        if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
            !is_list(entry, "shape") || !is_list(entry, "data_offsets") || entry["data_offsets"].size() != 2)
            malformed();
        if (const std::string dtype = entry["dtype"]; dtype != dtype_of(element)) {
            fail(path_, "array '" + name + "' is " + dtype + "; expected " + dtype_of(element) +
                            ", the element type of its layer");
        }
        const std::uint64_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
        if (begin > end || end > data_bytes_)
            malformed();
        std::uint64_t left = (end - begin) / bytes_of(element); // elements for the sizes that follow
        std::uint64_t count = 1;
        for (const std::uint64_t size : entry["shape"]) {
            if (size != 0 && count > left / size)
                malformed();
            count *= size;
        }
        if (count * bytes_of(element) != end - begin)
            malformed();
        return entry["shape"].get<std::vector<std::int64_t>>();
    }

    template <class T>
    std::vector<T> values_of(const std::string &name) {
        const std::uint64_t begin = header_[name]["data_offsets"][0], end = header_[name]["data_offsets"][1];
        std::vector<T> values((end - begin) / sizeof(T));
        in_.seekg(static_cast<std::streamoff>(data_ + begin));
        read(values.data(), end - begin, end - begin);
        return values;
    }

    void expect(const std::string &name, const std::vector<std::int64_t> &shape,
                const std::vector<std::int64_t> &expected) const {
        if (shape != expected)
            fail(path_, "array '" + name + "' has shape " + Json(shape).dump() + "; expected " +
                            Json(expected).dump());
    }

    const std::string &path() const { return path_; }

private:
    static bool is_list(const Json &entry, const char *key) {
        return entry.contains(key) && entry[key].is_array() &&
               std::all_of(entry[key].begin(), entry[key].end(),
                           [](const Json &number) { return number.is_number_unsigned(); });
    }

    void read(void *to, std::uint64_t bytes, std::uint64_t there) {
        in_.read(static_cast<char *>(to), static_cast<std::streamsize>(bytes));
        if (bytes > there || !in_)
            fail(path_, "ends early or cannot be read; expected a safetensors file");
    }

    std::string path_;
    std::ifstream in_;
    Json header_;
    std::uint64_t data_ = 0, data_bytes_ = 0;
};

template <class T>
struct Parameters {
    std::vector<T> weights, bias;
};

template <class T>
Parameters<T> read_parameters(Reader &reader, const BasicLayer<T> &layer, const std::string &name) {
    const std::string weights_name = name + ".weight", bias_name = name + ".bias";
    const std::vector<std::int64_t> shape = reader.shape_of(weights_name, element_of<T>);
    // The dimension of the channels is given by the file if the layer has none yet.
    constexpr std::int64_t most_channels = std::numeric_limits<std::int32_t>::max();
    const bool transposed = layer.operation() == Operation::transposed_convolution;
    std::int64_t channels = layer.groups();
    if (layer.num_channels())
        channels = *layer.num_channels();
    else if (shape.size() == 3 && shape[transposed ? 0 : 1] >= 1)
        channels = transposed ? shape[0] : std::min(shape[1], most_channels) * layer.groups();
    reader.expect(weights_name, shape, weights_shape(layer, channels));
    if (!reader.has(bias_name))
        return {reader.values_of<T>(weights_name),
                std::vector<T>(static_cast<std::size_t>(layer.num_filters()))};
    reader.expect(bias_name, reader.shape_of(bias_name, element_of<T>), {layer.num_filters()});
    return {reader.values_of<T>(weights_name), reader.values_of<T>(bias_name)};
}

} // namespace

void save_parameters(const std::string &path, const std::vector<const AnyLayer *> &layers) {
    const std::vector<std::string> names = names_of(layers);
    Writer writer;
    for (std::size_t i = 0; i < layers.size(); i++) {
        const AnyLayer &any = *layers[i];
        for (const auto &[count, what] :
             {std::pair{any.weights_count(), "weights"}, {any.bias_count(), "bias"}}) {
            if (count == 0) {
                throw std::invalid_argument(detail::layer_title(any.operation(), any.name()) + ": has no " +
                                            what + " to save; expected an initialized layer");
            }
        }
        typed(any, [&](const auto &layer) {
            writer.add(names[i] + ".weight", weights_shape(layer, *layer.num_channels()), layer.weights());
            writer.add(names[i] + ".bias", {layer.num_filters()}, layer.bias());
        });
    }
    writer.write(path);
}

void load_parameters(const std::string &path, const std::vector<AnyLayer *> &layers) {
    const std::vector<std::string> names = names_of({layers.begin(), layers.end()});
    Reader reader(path);
    std::vector<std::variant<Parameters<float>, Parameters<double>>> read(layers.size());
    for (std::size_t i = 0; i < layers.size(); i++)
        typed(*layers[i], [&](auto &layer) { read[i] = read_parameters(reader, layer, names[i]); });
    for (std::size_t i = 0; i < layers.size(); i++) {
        typed(*layers[i], [&](auto &layer) {
            using T = typename std::decay_t<decltype(layer.weights())>::value_type;
            auto &parameters = std::get<Parameters<T>>(read[i]);
            layer.set_weights(std::move(parameters.weights));
            layer.set_bias(std::move(parameters.bias));
        });
    }
}

} // namespace conv1d
