#pragma once

#include "conv1d/layer.h"

#include <memory>
#include <string_view>

namespace conv1d::detail {

/// The layer that the text of conv1d_create() describes.
/// \throws std::invalid_argument as the layers' constructors, and for a text of another form
std::unique_ptr<Layer> make_layer(std::string_view text);

} // namespace conv1d::detail
