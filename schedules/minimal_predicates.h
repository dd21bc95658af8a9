#pragma once

#include "schedules/minimal_filter.h"
#include "schedules/predicates.h"

/// What schedules by minimal filtering say of a problem; as schedules/predicates.h.
namespace conv1d::schedules {

inline const char *unsuited_to_minimal_filtering(const Problem &p, const Tile &tile) noexcept {
    if (!p.minimal_filtering)
        return "the layer is not allowed minimal filtering";
    if (p.stride != 1)
        return not_stride_1;
    if (p.dilation > most_minimal_dilation)
        return "its dilation is above 16";
    const char *filters = few_filters(p, tile);
    return filters != suits ? filters : few_positions(p, tile);
}

/// Pairs of a position and a tap that direct sums multiply by: of stride 1, those over samples of the signal,
/// if there are zeros around it. An estimate by at most 64 of the taps.
inline double multiplied_taps(const Problem &p) noexcept {
    const std::int64_t positions = p.output_length(), step = ceil_div(p.taps, 64);
    const bool zeros = p.padding_mode == PaddingMode::constant && p.padding_value == 0;
    double pairs = 0;
    for (std::int64_t tap = 0; tap < p.taps; tap += step) {
        const std::int64_t first = p.left - tap * p.dilation; // of the positions that see the signal by it
        const std::int64_t seen = std::min(first + p.length, positions) - std::max<std::int64_t>(first, 0);
        pairs += static_cast<double>((zeros ? std::max<std::int64_t>(seen, 0) : positions) *
                                     std::min(step, p.taps - tap));
    }
    return pairs;
}

/// Multiplications of direct sums of stride 1 against those of minimal filtering, with what takes as long as
/// its sums before and after the products: measured for 16 to 512 channels, 2 to 11 taps.
inline const char *few_products(const Problem &p, const Tile &tile) noexcept {
    const auto real = [](std::int64_t n) { return static_cast<double>(n); };
    const double channels = real(p.channels_per_group()), computed = real(minimal_positions(p, tile));
    const double filters = real(ceil_div(p.filters_per_group(), tile.filters) * tile.filters);
    const double products =
        real(MinimalFilter::products(p.taps)) / MinimalFilter::outputs * channels * filters;
    const int to_sum = (p.order == MemoryOrder::scb ? 34 : 150) + (p.dilation == 1 ? 0 : 16);
    // A copy combines what the taps reach beyond its places, too.
    const double places = real(minimal_copied_tiles(p, tile) * tile.positions / MinimalFilter::outputs);
    const double reach = real(MinimalFilter::parts(p.taps) * p.dilation);
    const double sums = to_sum * (channels * (1 + reach / places) + filters);
    const double direct = multiplied_taps(p) * channels * real(p.filters_per_group());
    return computed * (products + sums) > 0.9 * direct
               ? "it has too few taps, channels or filters to make up for the sums around the products"
               : suits;
}

} // namespace conv1d::schedules
