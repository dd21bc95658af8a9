#pragma once

#include "schedules/stages.h"

#include <Halide.h>

namespace conv1d {

/// The argument that a buffer is.
template <class Buffer>
Halide::Parameter argument_of(Buffer &buffer) {
    const Halide::Expr stride = buffer.dim(0).stride();
    return stride.as<Halide::Internal::Variable>()->param;
}

/// Asks for the cache line of an element of a buffer argument, past the second cache (prefetchnta); zero.
/// Halide has a directive for what a stage reads, but none for what it writes.
template <class Buffer>
Halide::Expr fetch(Buffer &buffer, const std::vector<Halide::Expr> &element, int line_elements) {
    using namespace Halide::Internal;
    Halide::Expr offset = 0;
    for (int i = 0; i < static_cast<int>(element.size()); i++)
        offset += element[static_cast<std::size_t>(i)] * buffer.dim(i).stride();
    const Halide::Parameter argument = argument_of(buffer);
    const Halide::Expr base = Variable::make(Halide::Handle(), argument.name(), argument);
    return Call::make(buffer.type(), Call::prefetch, {base, offset, 1, line_elements}, Call::Intrinsic);
}

/// The second value, when the first was computed.
inline Halide::Expr after(const Halide::Expr &first, const Halide::Expr &second) {
    using Halide::Internal::Call;
    return Call::make(second.type(), Call::return_second, {first, second}, Call::PureIntrinsic);
}

/// Like select(), but a branch: the other value is not computed.
inline Halide::Expr either(const Halide::Expr &condition, const Halide::Expr &yes, const Halide::Expr &no) {
    using Halide::Internal::Call;
    return Call::make(yes.type(), Call::if_then_else, {condition, yes, no}, Call::PureIntrinsic);
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

/// Of all elements, as a number that does not overflow.
template <class Buffer>
Halide::Expr bytes_of(const schedules::Choice &choice, Buffer &buffer) {
    Halide::Expr bytes = static_cast<float>(choice.element.bytes());
    for (int i = 0; i < buffer.dimensions(); i++)
        bytes *= Halide::cast<float>(buffer.dim(i).extent());
    return bytes;
}

/// The output is large, and tiles write pieces of its rows, which the processor does not foresee.
template <class Buffer>
Halide::Expr is_worth_fetching(const schedules::Choice &choice, Buffer &output, const Halide::Expr &terms) {
    const bool apart =
        choice.operation == Operation::transposed_convolution || choice.schedule.fetch == Fetch::positions;
    const Halide::Expr pieces = apart || output.dim(0).stride() > choice.schedule.tile.filters;
    return pieces && bytes_of(choice, output) >
                         select(terms < terms_to_fetch, bytes_to_fetch_of_few_terms, bytes_to_fetch);
}

/// Register tiles along the signal, and what of the input each asks for.
struct TilesOfInput {
    Halide::Expr count;
    Halide::Expr samples;     ///< from one to the next
    Halide::Expr newest;      ///< the first sample that tile 0 sees and no tile before it would
    Halide::Expr part, parts; ///< which part of the channels, of how many
};

/// Bytes of an input from which on asking for it is worth while. How many times as fast kernels are with it
/// (in turns, AMD EPYC, 1 MB of second cache, 2026-11-29), AVX-512 and AVX2:
///
///   onednn_wavenet_conv1d_1  1.11 to 1.26, 1.15        wavenet_dil      1.05, 1.00
///   wavenet_ibab_dil512      1.12 to 1.14, -           dac_res_k7d9     1.03, 1.03
///   demucs_dec_last          1.10 to 1.13, 1.09        encodec24_up_r2  0.98 to 1.08, 0.98
///   hifigan_v1_mrf3_k3d5     1.10,         1.08        41 others with AVX-512: 0.97 to 1.06
///
/// Measured and left without it: avx2_positions and avx2_rows (0.96 to 1.04), portable/any (hifigan_v1_post
/// 1.03 to 1.37, three others 0.77 to 1.01).
inline constexpr float input_bytes_to_fetch = 1 << 20;

/// Declares `fetched_input` with these indices: a register tile asks for what the one at its place in the
/// next copy adds to the samples that are copied already, so that they come while sums are computed. Halide's
/// directive belongs to the stage that reads, the copy; to ask some rows ahead there brought nothing. In a
/// function of the runtime (see fetched_rows.h): written out here, its addresses took registers from the
/// copy, and short signals up to 1.12 times as long.
template <class Buffer>
void fetch_input(schedules::Stages &s, const schedules::Choice &choice, Buffer &input,
                 const TilesOfInput &tiles, const std::vector<Halide::Var> &indices) {
    using namespace Halide::Internal;
    const Halide::Expr next = Halide::cast<std::int64_t>(s.tile + s.copied_tiles);
    const Halide::Parameter argument = argument_of(input);
    const Halide::Expr buffer =
        Variable::make(Halide::type_of<halide_buffer_t *>(), argument.name() + ".buffer", argument);
    const Halide::Expr asked = Call::make(Halide::Int(32), "conv1d_fetch_input",
                                          {buffer, tiles.newest + next * tiles.samples, tiles.samples,
                                           tiles.part, tiles.parts, s.group, s.batch},
                                          Call::Extern);
    const Halide::Expr worth = tiles.count > s.copied_tiles && bytes_of(choice, input) > input_bytes_to_fetch;
    s.fetched_input(indices) = either(worth, asked, 0);
}

} // namespace conv1d
