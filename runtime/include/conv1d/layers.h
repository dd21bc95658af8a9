#pragma once

#include "conv1d/layer.h"
#include "conv1d/options.h"
#include "conv1d/visibility.h"

#include <cstdint>
#include <vector>

namespace CONV1D_HIDDEN conv1d {

/// 1-D convolution (cross-correlation: the filter is not flipped), MATLAB's convolution1dLayer.
///
///     y[i, f, b] = bias[f] + sum over k < FilterSize, c < NumChannels of xp[i*s + k*d, c, b] * W[k, c, f]
///
/// xp is the input with `left` and `right` samples of padding, s the stride, d the dilation factor. The
/// output has floor((length + left + right - ((FilterSize-1)*d + 1)) / s) + 1 samples.
///
///     Convolution1DLayer conv(11, 96, {{"Stride", 4}, {"Padding", "same"}});
///     Convolution1DLayer conv(11, 96, {stride(4), padding("same")});
///
/// | option                | default  | domain                                                           |
/// |-----------------------|----------|------------------------------------------------------------------|
/// | Stride                | 1        | positive integer                                                 |
/// | Groups                | 1        | positive integer that divides NumChannels and NumFilters         |
/// | Activation            | "none"   | "none", "relu", "leaky-relu", "gelu", "gelu-tanh", "silu",       |
/// |                       |          | "tanh", "sigmoid": applied to the output (see enum Activation)   |
/// | ActivationSlope       | 0.01     | finite; of "leaky-relu" only                                     |
/// | InputActivation       | "none"   | the same, applied to the input before it is padded               |
/// | InputActivationSlope  | 0.01     | finite; of "leaky-relu" only                                     |
/// | DilationFactor        | 1        | positive integer                                                 |
/// | Padding               | 0        | "same", "causal", n, or {left, right}; nonnegative integers      |
/// | PaddingValue          | 0        | finite number, "symmetric-include-edge",                         |
/// |                       |          | "symmetric-exclude-edge", "replicate"; "circular" (not MATLAB's) |
/// | Filtering             | "direct" | "direct" or "minimal": see below                                 |
/// | SameExtra             | "right"  | "right" or "left": the end that gets the odd sample of "same"    |
/// | NumChannels           | "auto"   | "auto" (from the weights or an input) or positive integer        |
/// | WeightsInitializer    | "glorot" | "glorot", "he", "narrow-normal", "zeros", "ones", or a function  |
/// | BiasInitializer       | "zeros"  | "zeros", "narrow-normal", "ones", or a function                  |
/// | Seed                  | 0        | integer from 0 to 2147483647                                     |
/// | Weights, Bias         | empty    | std::vector<T>, see BasicLayer::weights() and bias()             |
/// | WeightLearnRateFactor | 1        | nonnegative, finite                                              |
/// | BiasLearnRateFactor   | 1        | nonnegative, finite                                              |
/// | WeightL2Factor        | 1        | nonnegative, finite                                              |
/// | BiasL2Factor          | 0        | nonnegative, finite                                              |
/// | Name                  | empty    | text                                                             |
///
/// Options come in any order, each at most once. All but Weights, Bias, Name and the four factors are fixed
/// once the layer is made.
///
/// Padding "same" gives ceil(length/s) outputs, as TensorFlow's SAME and ONNX's SAME_UPPER do (SAME_LOWER
/// with SameExtra "left"); "causal" pads (FilterSize-1)*d at the left; n pads both ends. PaddingValue fills
/// them all alike. 3 1 4 with 2 samples at both ends:
///
///     0                        0 0 3 1 4 0 0        replicate   3 3 3 1 4 4 4
///     symmetric-include-edge   1 3 3 1 4 4 1        circular    1 4 3 1 4 3 1
///     symmetric-exclude-edge   4 1 3 1 4 1 3
///
/// Padding wider than the signal goes on with the periodic extension: period 2*length with the edge,
/// 2*(length-1) without it (a constant for one sample), as numpy.pad has it; length for "circular".
///
/// Filtering. "direct" computes each output as the sum above. "minimal" lets kernels compute 4 outputs of 4
/// taps by 7 products of sums of samples and of taps where they can and it pays: float32 on AVX-512 in `SCB`
/// and channels-last order, on AVX2 in `SCB` order; stride 1, dilation up to 16 (Winograd, Arithmetic
/// Complexity of Computations, 1980). Then, before the activation,
///
///     |y - exact| <= gamma * (|bias| + 11 * sum over c and each 4 neighbouring taps of (sum of their |W|) *
///                    (sum of |xp| over the 7 samples that they and 4 neighbouring outputs see))
///
/// with gamma = n*u/(1 - n*u), n = FilterSize*NumChannels/Groups + 21, u = 2^-24, and xp the activated input
/// as it was rounded: about twice the error of direct sums, as a rule. Numbers whose sums are within a factor
/// of 100 of the largest float may overflow, and a sample that is not finite makes all outputs that share its
/// products NaN or infinite. Bits are the same for every number of threads. Gradients are always direct.
///
/// Groups. Each of them convolves its NumChannels/Groups channels with its NumFilters/Groups filters: c runs
/// over those of the group of f. Depthwise: as many groups as channels.
///
/// Initializers. glorot: uniform within sqrt(6/(num_in+num_out)); he: normal with variance 2/num_in;
/// narrow-normal: normal with standard deviation 0.01; num_in = FilterSize*NumChannels/Groups, num_out =
/// FilterSize*NumFilters/Groups. Layers of the same Seed and sizes get the same numbers, on every platform.
template <class T>
class BasicConvolution1DLayer final : public BasicLayer<T> {
public:
    /// \param filter_size  taps, a positive integer
    /// \param num_filters  output channels, a positive integer
    /// \throws std::invalid_argument naming the option, its value and what was expected
    explicit BasicConvolution1DLayer(const Value &filter_size, const Value &num_filters,
                                     const std::vector<Option> &options = {});

    EndsMode padding_mode() const noexcept { return this->ends_mode(); }
    /// Samples of padding for an input of `length` samples, which matters for "same" only.
    Ends padding_size(std::int64_t length) const noexcept { return this->ends_size(length); }
};

using Convolution1DLayer = BasicConvolution1DLayer<float>;
using Convolution1DLayer64 = BasicConvolution1DLayer<double>;

/// "replicate" and the like as PaddingValue spells it; null for PaddingMode::constant.
const char *padding_value_name(PaddingMode mode) noexcept;

/// Transposed 1-D convolution, MATLAB's transposedConv1dLayer: the adjoint of the convolution, not its
/// inverse.
///
///     y[n*s + k*d - left, f, b] += x[n, c, b] * W[k, f, c] for every n, k, c; plus bias[f] once per output
///
/// s is the stride, d the dilation factor, `left` and `right` are the samples cropped. The output has
/// (length-1)*s + (FilterSize-1)*d + 1 - left - right + OutputPadding samples.
///
/// | option         | default | domain                                                  |
/// |----------------|---------|---------------------------------------------------------|
/// | Cropping       | 0       | "same", n, or {left, right}; nonnegative integers       |
/// | DilationFactor | 1       | positive integer (not MATLAB's)                         |
/// | OutputPadding  | 0       | nonnegative integer below max(Stride, DilationFactor)   |
///
/// and Stride, Groups, the activations, SameExtra, NumChannels, Weights, Bias, their initializers, Seed and
/// factors, and Name as of Convolution1DLayer. Cropping "same" gives length*s outputs; n crops both ends.
/// "same" with a filter shorter than the stride crops nothing; the s - FilterSize samples that lack are at
/// the right end and hold the bias.
template <class T>
class BasicTransposedConvolution1DLayer final : public BasicLayer<T> {
public:
    /// \throws std::invalid_argument naming the option, its value and what was expected
    explicit BasicTransposedConvolution1DLayer(const Value &filter_size, const Value &num_filters,
                                               const std::vector<Option> &options = {});

    EndsMode cropping_mode() const noexcept { return this->ends_mode(); }
    /// Samples cropped; a negative right end stands for that many samples more.
    Ends cropping_size(std::int64_t length) const noexcept { return this->ends_size(length); }
};

using TransposedConvolution1DLayer = BasicTransposedConvolution1DLayer<float>;
using TransposedConvolution1DLayer64 = BasicTransposedConvolution1DLayer<double>;

} // namespace conv1d
