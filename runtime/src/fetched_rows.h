#pragma once

#include <HalideRuntime.h>

#include <algorithm>
#include <cstdint>

namespace conv1d {

/// Rows of an input whose samples are neighbours in memory (`scb` order): in bytes from its first sample on.
struct FetchedRows {
    std::int64_t begin = 0, row_bytes = 0;
    std::int64_t rows = 0, apart = 0;
};

/// Of one of `parts` parts of a group's channels, samples [first, first + samples), as far as there are any.
/// \param input  dimensions: samples, channels, groups, batch
inline FetchedRows fetched_rows(const halide_buffer_t &input, std::int64_t first, std::int32_t samples,
                                std::int32_t part, std::int32_t parts, std::int32_t group,
                                std::int32_t batch) noexcept {
    const halide_dimension_t *dim = input.dim;
    const std::int64_t size = input.type.bytes(), channels = dim[1].extent;
    const std::int64_t begin = std::max<std::int64_t>(first, 0);
    const std::int64_t end = std::min<std::int64_t>(first + samples, dim[0].extent);
    const std::int64_t each = (channels + parts - 1) / parts, channel = each * part;
    if (begin >= end || channel >= channels)
        return {};
    const std::int64_t row =
        channel * dim[1].stride + std::int64_t{group} * dim[2].stride + std::int64_t{batch} * dim[3].stride;
    return {size * (row + begin), size * (end - begin), std::min(each, channels - channel),
            size * dim[1].stride};
}

} // namespace conv1d
