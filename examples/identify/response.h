#pragma once

#include <string>
#include <vector>

/// An unknown linear system: its impulse response.
using Response = std::vector<float>;

/// Noise that decays after a delay, as of a small room: `taps` values whose sizes add up to 1, so that
/// nothing that goes through them can clip.
Response make_response(int taps, unsigned seed);

/// What sox's `fir` makes of the sound, sample by sample in line with it. \throws std::runtime_error if sox
/// fails
std::vector<float> through_sox(const std::vector<float> &samples, int sample_rate, const Response &response);
