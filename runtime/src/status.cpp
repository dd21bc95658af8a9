#include "conv1d/status.h"

namespace conv1d {

const char *to_string(Status status) noexcept {
    switch (status) {
    case Status::ok:
        return "ok";
    case Status::invalid_argument:
        return "invalid argument";
    case Status::not_initialized:
        return "not initialized";
    case Status::workspace_too_small:
        return "workspace too small";
    case Status::workspace_busy:
        return "workspace busy";
    case Status::device_unavailable:
        return "device unavailable";
    case Status::kernel_failed:
        return "kernel failed";
    }
    return "unknown status";
}

} // namespace conv1d
