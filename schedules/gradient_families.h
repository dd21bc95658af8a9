#pragma once

// Directives that several schedules of the weights' gradient share.
#include "schedules/gradient_stages.h"

namespace conv1d::schedules {

/// Registers hold vectors of filters for each (tap, channel) pair; the input is broadcast. Input and gradient
/// of a chunk are copied, channels and filters contiguous.
void gradient_by_vectors_of_filters(GradientStages &s, const GradientChoice &choice);

/// Registers hold a vector of positions for each (tap, channel) pair and each filter of a tile, whose lanes
/// are added up at the end of a chunk.
void gradient_by_vectors_of_positions(GradientStages &s, const GradientChoice &choice);

/// Depthwise, groups contiguous: registers hold vectors of groups for each tap.
void gradient_by_vectors_of_groups(GradientStages &s, const GradientChoice &choice);

} // namespace conv1d::schedules
