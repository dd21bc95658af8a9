#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

/// What libFuzzer calls with each of its inputs. Defined by every program here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace conv1d::fuzz {

/// Ends the program with that sentence unless `holds`, upon which libFuzzer keeps the input.
inline void require(bool holds, const std::string &sentence) {
    if (holds)
        return;
    std::fprintf(stderr, "not so: %s\n", sentence.c_str());
    std::abort();
}

} // namespace conv1d::fuzz
