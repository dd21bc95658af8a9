#pragma once

#include "conv1d/problem.h"
#include "conv1d/target.h"
#include "conv1d/visibility.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

struct halide_buffer_t;

namespace CONV1D_HIDDEN conv1d {

/// The one signature of every generated kernel, forward and transposed. Dimensions are listed first index
/// first:
///
///   input     (position, channel in group, group, batch)
///   weights   (filter in block, tap, channel in group, block in group, group), zero-padded to whole blocks;
///             WeightOrder::phase_inner: (phase in block, tap of the phase, channel in group, block of phases
///             of a filter in group, group)
///   bias      (filter in block, block in group, group)
///   residual  as output; pass the output's own descriptor when add_residual is 0
///   output    (position, filter in group, group, batch)
///
/// Sizes are the buffers' extents, any layout with the contiguous index of the kernel's MemoryOrder, if it
/// has one, is taken. `tap_step` is kernel_tap_step(). `left` is the padding
/// of a convolution, the cropping of a transposed one. `copied_tiles` is from 1 to Tile::copied; it
/// divides the work and changes no result. \return 0 or a halide_error_code_t
using KernelFunction = int (*)(const void *context, halide_buffer_t *input, halide_buffer_t *weights,
                               halide_buffer_t *bias, halide_buffer_t *residual, std::int32_t stride,
                               std::int32_t dilation, std::int32_t tap_step, std::int32_t left,
                               std::int32_t padding_mode, double padding_value, std::int32_t input_activation,
                               double input_slope, std::int32_t activation, double slope,
                               std::int32_t add_residual, std::int32_t copied_tiles, halide_buffer_t *output);

/// Groups that a schedule with WeightOrder::group_inner computes together.
inline constexpr int group_block = 64;

/// Phases that a schedule with WeightOrder::phase_inner computes together.
inline constexpr int phase_block = 16;

/// The one signature of the kernels that gradients need besides the forward ones. Dimensions as above.
///
///                          input      gradient   output
///   weights                (position, channel in group, group, batch) of the convolution's input
///                                     (position, filter in group, group, batch) of its output's gradient
///                                                (tap, channel in group, filter in group, group), tap dense
///   bias                   not read   as above
///                                                (0, 0, filter in group, group)
///   activation             of the same sizes: activation(input); `gradient` is not read
///   activation_gradient    of the same sizes: activation'(input) * gradient
///
/// `accumulate` adds to the output, but for activations. `slab_count` is schedules::gradient_slabs(). \return
/// 0 or a halide_error_code_t
using GradientFunction = int (*)(const void *context, halide_buffer_t *input, halide_buffer_t *gradient,
                                 std::int32_t stride, std::int32_t dilation, std::int32_t left,
                                 std::int32_t padding_mode, double padding_value, std::int32_t activation,
                                 double slope, std::int32_t slab_count, std::int32_t accumulate,
                                 halide_buffer_t *output);

/// How the weights of a block of filters follow each other in memory.
enum class WeightOrder {
    tap_inner,      ///< [group][block][channel][tap][filter in block]
    phase_inner,    ///< [group][filter][block of phases][channel][tap of the phase][phase in block],
                    ///< zero-padded to whole blocks; blocks of 1 filter
    channel_inner,  ///< [group][block][tap][channel][filter in block]
    minimal_filter, ///< as channel_inner with the products of schedules/minimal_filter.h, by points, instead
                    ///< of taps
    group_inner, ///< [block][channel][tap][group][filter in block], zero-padded to whole blocks of 64 groups;
                 ///< blocks of 1 filter
};

/// How the sums read the input.
enum class InputCopy {
    always, ///< from a copy of what some register tiles see, padded
    edges,  ///< where it lies; only register tiles that see outside of the signal, from a copy: see
            ///< copies_edges_only()
    none,   ///< where it lies; of register tiles that see outside of the signal, position by position
    taps,   ///< from a copy of what each tap sees, padded
    rows,   ///< from a copy with the samples of neighbouring positions next to each other: schedules/rows.h
};

/// Lines of memory that a register tile asks for before it sums up what it will write over (the residual, or
/// the output if there is none), if that is worth while: from an output of some MB on.
enum class Fetch {
    none,
    filters,   ///< of its vectors of filters, if these are neighbours in memory: `cbt` order
    positions, ///< of its vectors of positions: `scb` order
};

/// Lines of the input that a register tile asks for before it sums up, if that is worth while: of an input of
/// some MB on.
enum class FetchInput {
    none,
    next_copy, ///< a part of those that the next copy is made from: `scb` order
};

/// A register tile: what a schedule sums up in registers at once.
struct Tile {
    int positions;  ///< of the output, if transposed of one of its phases; of a weights' gradient, those that
                    ///< are summed up at a time
    int filters;    ///< and of one block of packed weights
    int copied = 1; ///< most tiles along the signal that share one copy of the input, and are one task of a
                    ///< parallel loop
    /// Bytes of a copy, from which on it has fewer tiles: it has to leave room in the second cache, of which
    /// processors without AVX-512 have 256 to 512 KB.
    std::int64_t copied_bytes = 128 * 1024;
};

/// What the runtime knows of a schedule; how it computes is in schedules/<name>.cpp.
struct Schedule {
    const char *name; ///< its path under schedules/, e.g. "x86/avx512_positions"
    Tile tile;
    WeightOrder weight_order;
    /// Why it cannot compute the problem or is not worth choosing, as the end of a sentence; null if it
    /// applies. Pure.
    const char *(*rejection)(const Problem &) noexcept;
    /// Bound on the scratch memory that one thread takes at a time. Pure.
    std::size_t (*scratch_bytes)(const Problem &) noexcept;
    /// Why another schedule of the table is better for a problem that it applies to, as the end of a
    /// sentence; null if it may be chosen. No function: always. Pure.
    const char *(*yields)(const Problem &) noexcept = nullptr;
    InputCopy input_copy = InputCopy::always;
    Fetch fetch = Fetch::none;
    FetchInput fetch_input = FetchInput::none;
    int pair_samples = 0;  ///< one vector, if it sums taps in pairs whose samples are so far apart, so that
                           ///< both load the same vectors but one; 1 of vectors of groups: in pairs of
                           ///< neighbouring taps; 0: it has no pairs
    int group_vectors = 1; ///< WeightOrder::group_inner: vectors of groups of a register tile
};

/// InputCopy::edges, unless blocks of filters sum channels that lie a signal apart: then as
/// InputCopy::always.
constexpr bool copies_edges_only(const Schedule &schedule, MemoryOrder order) noexcept {
    return schedule.input_copy == InputCopy::edges &&
           (order != MemoryOrder::scb || schedule.tile.filters == 1);
}

/// Register tiles ask for their lines: Schedule::fetch.
constexpr bool fetches_lines(const Schedule &schedule, MemoryOrder order) noexcept {
    return schedule.fetch != Fetch::none &&
           order == (schedule.fetch == Fetch::filters ? MemoryOrder::cbt : MemoryOrder::scb);
}

/// They ask for input: Schedule::fetch_input.
constexpr bool fetches_input(const Schedule &schedule, MemoryOrder order) noexcept {
    return schedule.fetch_input != FetchInput::none && order == MemoryOrder::scb;
}

/// One generated function: a schedule compiled for an operation, an element type, a memory order and a
/// target.
struct Kernel {
    const Schedule *schedule;
    Operation operation;
    ElementType element;
    MemoryOrder order;
    Target target;
    KernelFunction run; ///< null in a table that only lists what exists
    /// Specialised kernels: the layer that it computes, and nothing else (see is_layer()); it returns an
    /// error for other arguments. Null: computes every problem that the schedule takes.
    const Problem *fixed = nullptr;
};

/// Kernels that a choice may be restricted to: those of the library, or those that conv1d_add_kernels() made
/// for one layer each.
enum class Tier { any, built_in, specialised };

/// "any", "built-in" or "specialised". Never null.
const char *to_string(Tier tier) noexcept;

constexpr Tier tier_of(const Kernel &kernel) noexcept {
    return kernel.fixed == nullptr ? Tier::built_in : Tier::specialised;
}

/// Asked about, and given, reduced_problem() instead of the problem: a specialised kernel and packed sums of
/// taps want the whole.
constexpr bool takes_reduced(const Schedule &schedule, Tier tier) noexcept {
    return tier == Tier::built_in && schedule.weight_order != WeightOrder::minimal_filter;
}
constexpr bool takes_reduced(const Kernel &kernel) noexcept {
    return takes_reduced(*kernel.schedule, tier_of(kernel));
}

/// What a gradient kernel computes.
enum class GradientStep { weights, bias, activation, activation_gradient };

/// The same for gradients. `rejection` of its schedule is asked about the convolution whose weights are
/// meant; that of a transposed one has input and output exchanged.
struct GradientKernel {
    const Schedule *schedule;
    GradientStep step;
    ElementType element;
    MemoryOrder order;
    Target target;
    GradientFunction run;
};

/// Kernels in order of preference: the first that applies, and does not yield, is used. A view; tables are
/// constants of the program.
template <class K>
struct Table {
    const K *first = nullptr;
    std::size_t count = 0;
    const K *begin() const noexcept { return first; }
    const K *end() const noexcept { return first + count; }
};
using KernelTable = Table<Kernel>;
using GradientKernelTable = Table<GradientKernel>;

/// The kernels of this library for the processor it was built for, all its instruction sets.
KernelTable builtin_kernels() noexcept;

/// The kernels of this library for gradients.
GradientKernelTable gradient_kernels() noexcept;

/// The same schedules' table for every target there is, without functions: for listings and tests.
KernelTable schedule_table() noexcept;

/// The tables of all libraries of conv1d_add_kernels() that this program, or shared library, was linked with,
/// in the order of the link. Nothing is registered when the program starts: the linker lays the tables' views
/// one after the other.
Table<KernelTable> linked_kernels() noexcept;

/// The problem with the same outputs by less work that kernels which compute every problem are chosen for and
/// given instead: without the taps that see zeros only; many observations of a single position as one of many
/// positions. Pure.
Problem reduced_problem(const Problem &problem) noexcept;

/// True when the kernel's operation, element type, memory order and schedule fit the problem, and its layer
/// if it is specialised.
bool applies(const Kernel &kernel, const Problem &problem) noexcept;

/// Bound on the scratch memory that one thread takes at a time to compute a problem that it applies to. Pure.
std::size_t scratch_bytes(const Kernel &kernel, const Problem &problem) noexcept;

/// The first kernel of `target` in that tier that applies and does not yield, or the one of that name that
/// applies when `schedule` is not empty; null if none.
const Kernel *find_kernel(KernelTable table, const Problem &problem, Target target,
                          std::string_view schedule = {}, Tier tier = Tier::any) noexcept;

/// What a layer uses: the first such specialised kernel of the linked ones, then of the table, then a
/// built-in one of the table; null if none.
const Kernel *choose_kernel(KernelTable table, const Problem &problem, Target target,
                            std::string_view schedule = {}, Tier tier = Tier::any) noexcept;

/// The first of them that applies; null if none.
const GradientKernel *find_gradient_kernel(GradientStep step, const Problem &problem, Target target) noexcept;

/// The most capable target of the table that this processor supports. \throws std::runtime_error if there is
/// none
Target best_target(KernelTable table);

} // namespace conv1d
