#pragma once

#include "conv1d/workspace.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

namespace conv1d {

/// Scratch memory handed out in order. A block that is given back is free again once all that came after it
/// are.
class Arena {
public:
    static constexpr std::size_t alignment =
        128; // what Halide's generated code may assume, and a cache-line pair
    /// Of a whole arena: loads that cross a page take some ten times as long as others.
    static constexpr std::size_t page = 4096;

    Arena() = default;
    Arena(std::byte *begin, std::size_t size) : begin_(begin), size_(size) {}

    /// Null when it does not fit, or when there are most_blocks.
    void *take(std::size_t bytes) noexcept;
    void give_back(void *block) noexcept;
    /// Zeros in the first so many bytes, as in those of a new one.
    void clear(std::size_t bytes) noexcept;
    std::size_t peak() const noexcept { return peak_; }

private:
    std::byte *begin_ = nullptr;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
    std::size_t peak_ = 0;
    struct Block {
        std::size_t begin;
        bool live;
    };
    static constexpr std::size_t most_blocks = 32; // generated code nests a handful
    std::array<Block, most_blocks> blocks_{};
    std::size_t block_count_ = 0;
};

/// What generated code gets as its user context: one a thread, so that nothing is shared between threads but
/// tasks.
struct CallContext {
    Arena arena;
    Workspace::State *workspace = nullptr;
    int threads = 1;               ///< how many may share the next parallel loop
    std::atomic<int> next_task{0}; ///< of this thread's part of a parallel loop; others take from it, too
    int end_of_tasks = 0;
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
