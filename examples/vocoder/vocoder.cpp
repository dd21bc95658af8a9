#include "vocoder.h"

#include "conv1d/parameters_file.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>

using conv1d::ConstTensor;
using conv1d::Convolution1DLayer;
using conv1d::Layer;
using conv1d::Tensor;
using conv1d::TransposedConvolution1DLayer;
using conv1d::Value;

namespace {

constexpr double slope = 0.1, last_slope = 0.01;
constexpr std::int64_t first_channels = 512;
constexpr std::pair<int, int> upsamplings[] = {{8, 16}, {8, 16}, {2, 4}, {2, 4}}; // stride, taps
constexpr int block_taps[] = {3, 7, 11};
constexpr int dilations[] = {1, 3, 5};

} // namespace

Vocoder::Vocoder(unsigned seed, int threads, std::string filtering)
    : seed_(seed), threads_(threads), filtering_(std::move(filtering)) {
    first_ = add<Convolution1DLayer>("conv_pre", 7, first_channels, bands, {conv1d::padding(3)});
    std::int64_t channels = first_channels;
    for (const auto &[stride, taps] : upsamplings) {
        const std::string number = std::to_string(stages_.size());
        channels /= 2;
        Stage stage;
        stage.upsampling = add<TransposedConvolution1DLayer>(
            "ups." + number, taps, channels, 2 * channels,
            {conv1d::stride(stride), conv1d::cropping((taps - stride) / 2),
             conv1d::input_activation("leaky-relu"), conv1d::input_activation_slope(slope)});
        for (int b = 0; b < 3; b++)
            stage.blocks[b] =
                make_block("resblocks." + std::to_string(3 * stages_.size() + static_cast<std::size_t>(b)),
                           block_taps[b], channels);
        stages_.push_back(stage);
    }
    last_ = add<Convolution1DLayer>("conv_post", 7, 1, channels,
                                    {conv1d::padding(3), conv1d::input_activation("leaky-relu"),
                                     conv1d::input_activation_slope(last_slope), conv1d::activation("tanh")});
}

template <class LayerType>
LayerType *Vocoder::add(std::string name, int taps, std::int64_t filters, std::int64_t channels,
                        std::vector<conv1d::Option> options) {
    options.push_back(conv1d::num_channels(channels));
    options.push_back(conv1d::seed(seed_ + static_cast<double>(all_.size())));
    options.push_back(conv1d::bias_initializer("narrow-normal"));
    options.push_back(conv1d::name(std::move(name)));
    if constexpr (std::is_same_v<LayerType, Convolution1DLayer>)
        options.push_back(conv1d::filtering(filtering_));
    auto layer = std::make_unique<LayerType>(taps, filters, options);
    layer->initialize("SC", {first_channels, channels}); // of any length
    layer->set_threads(threads_);
    LayerType *pointer = layer.get();
    all_.push_back(std::move(layer));
    return pointer;
}

Vocoder::Block Vocoder::make_block(const std::string &name, int taps, std::int64_t channels) {
    Block block;
    for (int i = 0; i < 3; i++) {
        const auto make = [&](const std::string &part, int dilation) {
            return add<Convolution1DLayer>(
                name + part + std::to_string(i), taps, channels, channels,
                {conv1d::padding((taps - 1) / 2 * dilation), conv1d::dilation_factor(dilation),
                 conv1d::input_activation("leaky-relu"), conv1d::input_activation_slope(slope)});
        };
        block.dilated[i] = make(".convs1.", dilations[i]);
        block.plain[i] = make(".convs2.", 1);
    }
    return block;
}

void Vocoder::force_tier(conv1d::Tier tier) {
    for (const auto &layer : all_)
        layer->force_tier(tier);
    frames_ = 0;
}

template <class Visit>
void Vocoder::each(Visit visit) const {
    std::int64_t length = frames_;
    visit(*first_, length, false);
    for (const Stage &stage : stages_) {
        visit(*stage.upsampling, length, false);
        length *= stage.upsampling->stride();
        for (const Block &block : stage.blocks) {
            for (int i = 0; i < 3; i++) {
                visit(*block.dilated[i], length, false);
                visit(*block.plain[i], length, true);
            }
        }
    }
    visit(*last_, length, false);
}

namespace {

/// The shapes of a layer's input and output.
struct Shapes {
    conv1d::Shape input, output;

    Shapes(const Layer &layer, std::int64_t length)
        : input("SC", {length, *layer.num_channels()}),
          output("SC", layer.output_sizes("SC", input.sizes())) {}
};

} // namespace

void Vocoder::prepare(std::int64_t frames) {
    frames_ = frames;
    std::int64_t most = 0;
    each([&](const Layer &layer, std::int64_t length, bool) {
        most = std::max(most, Shapes(layer, length).output.elements());
    });
    for (std::vector<float> *signal : {&input_, &upsampled_, &inner_, &block_, &sum_})
        signal->resize(static_cast<std::size_t>(most));
    sound_.resize(static_cast<std::size_t>(samples_a_frame * frames));
    workspace_ = conv1d::Workspace();
    each([&](Layer &layer, std::int64_t length, bool residual) {
        const Shapes shapes(layer, length);
        const ConstTensor x("SC", shapes.input.sizes(), input_.data()),
            y("SC", shapes.output.sizes(), sum_.data());
        residual ? layer.prepare(x, y, y) : layer.prepare(x, y);
        conv1d::Workspace own = residual ? layer.make_workspace(x, y, y) : layer.make_workspace(x, y);
        if (own.bytes_per_thread() > workspace_.bytes_per_thread())
            workspace_ = std::move(own);
    });
}

void Vocoder::run(Layer &layer, const std::vector<float> &from, const std::vector<float> *residual,
                  std::vector<float> &to, std::int64_t length, std::int64_t output_length) {
    const ConstTensor x("SC", {length, *layer.num_channels()}, from.data());
    const conv1d::Sizes sizes{output_length, layer.num_filters()};
    Tensor y("SC", sizes, to.data());
    const conv1d::Status status =
        residual == nullptr ? layer.forward(x, y, workspace_)
                            : layer.forward(x, ConstTensor("SC", sizes, residual->data()), y, workspace_);
    if (status != conv1d::Status::ok)
        throw std::runtime_error(layer.name() + ": " + to_string(status));
}

void Vocoder::run_block(const Block &block, const std::vector<float> &from, std::vector<float> &to,
                        std::int64_t length) {
    for (int i = 0; i < 3; i++) {
        const std::vector<float> &signal = i == 0 ? from : to;
        run(*block.dilated[i], signal, nullptr, inner_, length, length);
        run(*block.plain[i], inner_, &signal, to, length, length);
    }
}

const std::vector<float> &Vocoder::forward(const ConstTensor &mel) {
    if (mel.sizes() != conv1d::Sizes{frames_, bands})
        throw std::invalid_argument("the spectrogram is not of the sizes that the vocoder is prepared for");
    Tensor x("SC", {frames_, first_channels}, input_.data());
    if (first_->forward(mel, x, workspace_) != conv1d::Status::ok)
        throw std::runtime_error("the first layer failed");
    std::int64_t length = frames_;
    for (const Stage &stage : stages_) {
        const std::int64_t longer = length * stage.upsampling->stride();
        run(*stage.upsampling, input_, nullptr, upsampled_, length, longer);
        length = longer;
        run_block(stage.blocks[0], upsampled_, sum_, length);
        run_block(stage.blocks[1], upsampled_, block_, length);
        run_block(stage.blocks[2], upsampled_, input_, length);
        const auto count = static_cast<std::size_t>(length * stage.upsampling->num_filters());
        for (std::size_t i = 0; i < count; i++)
            input_[i] = (sum_[i] + block_[i] + input_[i]) / 3;
    }
    run(*last_, input_, nullptr, sound_, length, length);
    return sound_;
}

void Vocoder::save(const std::string &path) const {
    std::vector<const conv1d::AnyLayer *> layers;
    for (const auto &layer : all_)
        layers.push_back(layer.get());
    conv1d::save_parameters(path, layers);
}

int Vocoder::specialised_layers() const {
    int count = 0;
    each([&](const Layer &layer, std::int64_t length, bool residual) {
        const Shapes shapes(layer, length);
        const conv1d::Kernel &kernel = residual ? layer.kernel_for(shapes.input, shapes.output, shapes.output)
                                                : layer.kernel_for(shapes.input, shapes.output);
        count += tier_of(kernel) == conv1d::Tier::specialised ? 1 : 0;
    });
    return count;
}

std::size_t Vocoder::workspace_bytes() const {
    return workspace_.bytes_per_thread();
}

std::size_t Vocoder::signal_bytes() const {
    return sizeof(float) * (5 * input_.size() + sound_.size());
}

double Vocoder::flops() const {
    double sum = 0;
    each([&](const Layer &layer, std::int64_t length, bool) {
        sum += layer.problem_for("SC", Shapes(layer, length).input.sizes()).flops();
    });
    return sum;
}
