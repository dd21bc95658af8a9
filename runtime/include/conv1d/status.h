#pragma once

#include "conv1d/visibility.h"

namespace CONV1D_HIDDEN conv1d {

/// Outcome of every call that can fail without throwing. `ok` is 0, so a Status converts unchanged to a
/// process or C return code.
enum class [[nodiscard]] Status : int{
    ok = 0,
    invalid_argument,    ///< a size, a format or a pointer is not what the layer expects
    not_initialized,     ///< the layer has no weights yet, or they changed and were not prepared again
    workspace_too_small, ///< the Workspace was made for another layer or a longer signal
    workspace_busy,      ///< another thread is running in the Workspace
    device_unavailable,  ///< a GPU kernel was asked for and there is no such device or driver
    kernel_failed,       ///< the generated code reported an error; Workspace::error() has its text
};

/// The status in words, e.g. "workspace too small". Never null.
const char *to_string(Status status) noexcept;

} // namespace conv1d
