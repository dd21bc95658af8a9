#pragma once

#include "schedules/stages.h"

#include <Halide.h>

namespace conv1d {

/// Asks for the cache line of an element of a buffer argument, past the second cache (prefetchnta); zero.
/// Halide has a directive for what a stage reads, but none for what it writes.
template <class Buffer>
Halide::Expr fetch(Buffer &buffer, const std::vector<Halide::Expr> &element, int line_elements) {
    using namespace Halide::Internal;
    Halide::Expr offset = 0;
    for (int i = 0; i < static_cast<int>(element.size()); i++)
        offset += element[static_cast<std::size_t>(i)] * buffer.dim(i).stride();
    const Halide::Expr stride = buffer.dim(0).stride();
    const Halide::Parameter &argument = stride.as<Variable>()->param;
    const Halide::Expr base = Variable::make(Halide::Handle(), argument.name(), argument);
    return Call::make(buffer.type(), Call::prefetch, {base, offset, 1, line_elements}, Call::Intrinsic);
}

/// The second value, when the first was computed.
inline Halide::Expr after(const Halide::Expr &first, const Halide::Expr &second) {
    using Halide::Internal::Call;
    return Call::make(second.type(), Call::return_second, {first, second}, Call::PureIntrinsic);
}

/// Terms of a sum that hide what asking for its line takes, and bytes of an output from which on it is worth
/// while with so many, and with fewer. Times of the kernels without over those with (in turns, AMD EPYC, 1 MB
/// of second cache, 2026-11-28), `cbt` order: wav2vec2_fe0 1.24, genomics and ecg_resnet_wang_stem 1.15,
/// m5_first_k80_s4 1.13, basset_conv1 1.11, wavenet_dil 1.07, whisper_conv1, encodec_up and
/// convtasnet_expand_1x1 1.05 to 1.06, matlab_tconv 1.01 to 1.12 run by run, encodec24_up_r2 0.99; `scb`
/// order: wav2vec2_fe0 1.21, ecg_resnet_wang_stem 1.08, genomics, whisper_conv1 and wavenet_dil 1.00 to 1.01;
/// AVX2, `cbt` order: genomics and basset_conv1 1.15 to 1.26, five others 0.96 to 1.05. Without it stay
/// AVX2's phases, 0.93 to 1.01, positions and rows, 0.93 to 1.11. Asked for always, 7 terms took 1.1 times as
/// long.
inline constexpr int terms_to_fetch = 32;
inline constexpr float bytes_to_fetch = 1 << 20, bytes_to_fetch_of_few_terms = 1 << 24;

/// The output is large, and tiles write pieces of its rows, which the processor does not foresee.
template <class Buffer>
Halide::Expr is_worth_fetching(const schedules::Choice &choice, Buffer &output, const Halide::Expr &terms) {
    const bool apart =
        choice.operation == Operation::transposed_convolution || choice.schedule.fetch == Fetch::positions;
    const Halide::Expr pieces = apart || output.dim(0).stride() > choice.schedule.tile.filters;
    Halide::Expr bytes = static_cast<float>(choice.element.bytes());
    for (int i = 0; i < output.dimensions(); i++)
        bytes *= Halide::cast<float>(output.dim(i).extent());
    return pieces && bytes > select(terms < terms_to_fetch, bytes_to_fetch_of_few_terms, bytes_to_fetch);
}

} // namespace conv1d
