#pragma once

#include "conv1d/workspace.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

namespace conv1d {

/// Scratch memory handed out in order and taken back from the end; empty again once all is given back.
class Arena {
public:
    static constexpr std::size_t alignment =
        128; // what Halide's generated code may assume, and a cache-line pair

    Arena() = default;
    Arena(std::byte *begin, std::size_t size) : begin_(begin), size_(size) {}

    /// Null when it does not fit.
    void *take(std::size_t bytes) noexcept;
    void give_back(void *block) noexcept;
    std::size_t peak() const noexcept { return peak_; }

private:
    std::byte *begin_ = nullptr;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
    std::size_t newest_ = 0; // where the block taken last begins
    std::size_t peak_ = 0;
    int live_ = 0;
};

/// What generated code gets as its user context: one a thread, so that nothing is shared between threads.
struct CallContext {
    Arena arena;
    Workspace::State *workspace = nullptr;
    int threads = 1; ///< how many may share the next parallel loop
    bool arena_exhausted = false;
    std::array<char, 256> error{};

    void record_error(const char *message) noexcept;
};

struct Workspace::State {
    struct Free {
        void operator()(std::byte *p) const noexcept;
    };
    std::unique_ptr<std::byte, Free> memory;
    std::size_t bytes_per_thread = 0;
    std::shared_ptr<Executor> executor;
    std::vector<CallContext> contexts; ///< the caller's first
    std::atomic<bool> busy{false};     ///< a kernel is running

    /// Readies the contexts for one kernel call by `threads` threads.
    CallContext &begin_call(int threads) noexcept;
};

} // namespace conv1d
