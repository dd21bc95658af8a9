#pragma once

#include <stdexcept>
#include <string>

namespace conv1d::testing {

/// The sentence of the std::invalid_argument that `call` throws; "nothing was thrown" if it throws nothing.
template <class Call>
std::string error_of(Call &&call) {
    try {
        call();
    } catch (const std::invalid_argument &error) {
        return error.what();
    }
    return "nothing was thrown";
}

} // namespace conv1d::testing
