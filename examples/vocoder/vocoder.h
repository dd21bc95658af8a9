#pragma once

#include "conv1d/layers.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// HiFi-GAN V1, the network that makes sound of mel spectrograms (Kong et al. 2020, config_v1.json):
///
///   80 -> 512 channels, 7 taps
///   four stages: an upsampling by 8, 8, 2, 2 that halves the channels, then the mean of three residual
///   blocks of 3, 7, 11 taps; a block adds to its signal, for dilation 1, 3, 5, a convolution of that
///   dilation followed by one without
///   32 -> 1 channels, 7 taps, tanh
///
/// with a LeakyReLU before each but the first: of slope 0.1, before the last 0.01 as in the authors' code,
/// which takes PyTorch's default there. Activations and the blocks' additions are the layers' own; the mean
/// is a loop.
class Vocoder {
public:
    static constexpr std::int64_t bands = 80;            ///< channels of a mel spectrogram
    static constexpr std::int64_t samples_a_frame = 256; ///< of sound
    static constexpr int sample_rate = 22050;

    /// With random weights, the same for a seed. \param filtering  of the convolutions: "direct" or "minimal"
    Vocoder(unsigned seed, int threads, std::string filtering);

    /// Which kernels it uses.
    void force_tier(conv1d::Tier tier);

    /// Packs the weights, and makes the memory, for so many frames.
    void prepare(std::int64_t frames);
    /// \param mel  (frames, bands), format SC, of as many frames as it was prepared for
    /// \return the sound, until the next call
    const std::vector<float> &forward(const conv1d::ConstTensor &mel);

    /// In the names and shapes of PyTorch: "conv_pre.weight", ...
    void save(const std::string &path) const;

    int layers() const { return static_cast<int>(all_.size()); }
    /// Of them, those that have a specialised kernel, once prepared.
    int specialised_layers() const;
    /// Of one thread: the most that any layer takes; and of the signals between the layers.
    std::size_t workspace_bytes() const;
    std::size_t signal_bytes() const;
    /// Multiplications and additions for the frames that it was prepared for.
    double flops() const;

private:
    struct Block {
        conv1d::Convolution1DLayer *dilated[3], *plain[3];
    };
    struct Stage {
        conv1d::TransposedConvolution1DLayer *upsampling;
        Block blocks[3];
    };

    template <class Layer>
    Layer *add(std::string name, int taps, std::int64_t filters, std::int64_t channels,
               std::vector<conv1d::Option> options);
    Block make_block(const std::string &name, int taps, std::int64_t channels);
    /// Visits the layers in order with the length of each one's input.
    template <class Visit>
    void each(Visit visit) const;

    /// to = layer(from) [+ residual], all of this stage's memory.
    void run(conv1d::Layer &layer, const std::vector<float> &from, const std::vector<float> *residual,
             std::vector<float> &to, std::int64_t length, std::int64_t output_length);
    void run_block(const Block &block, const std::vector<float> &from, std::vector<float> &to,
                   std::int64_t length);

    unsigned seed_;
    int threads_;
    std::string filtering_;
    std::vector<std::unique_ptr<conv1d::Layer>> all_;
    conv1d::Convolution1DLayer *first_, *last_;
    std::vector<Stage> stages_;
    std::int64_t frames_ = 0;
    conv1d::Workspace workspace_;
    /// The signals between layers: of a stage's input, after its upsampling, within a block, of a block, and
    /// the sum of blocks.
    std::vector<float> input_, upsampled_, inner_, block_, sum_, sound_;
};
