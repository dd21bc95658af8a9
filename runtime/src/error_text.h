#pragma once

#include "conv1d/options.h"
#include "conv1d/problem.h"
#include "conv1d/tensor.h"

#include <string>
#include <string_view>
#include <vector>

namespace conv1d::detail {

/// How messages call a layer: `convolution1dLayer 'conv1'`, without the quotes when it has no name.
std::string layer_title(Operation operation, const std::string &name);

/// `[3000 80 1]`
std::string list_text(const Sizes &sizes);
/// `[3 4]`
std::string list_text(Ends ends);
/// `a, b, c`
std::string join(const std::vector<std::string_view> &words);

} // namespace conv1d::detail
