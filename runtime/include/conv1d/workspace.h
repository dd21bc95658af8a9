#pragma once

#include "conv1d/visibility.h"

#include <cstddef>
#include <memory>

namespace CONV1D_HIDDEN conv1d {

/// Something that can run work on several threads. Derive from it to plug in your own pool.
class Executor {
public:
    virtual ~Executor() = default;
    /// Calls work(state, w) once for every w in [0, workers), concurrently where it can, and returns when all
    /// have returned. Called from several threads at once. Right (only slower) if it runs them one after the
    /// other.
    virtual void run(int workers, void (*work)(void *state, int worker), void *state) noexcept = 0;
    /// Told when a Workspace for that many workers is made, so that run() need not start threads. May throw.
    virtual void reserve(int workers) { (void)workers; }
    /// Threads that would begin work at once, at no cost to the caller, as they are not asleep: less work is
    /// shared with those.
    virtual int awake() const noexcept { return 0; }
};

/// The process's own threads: started when first asked for, shared by all layers. They sleep between calls,
/// from 50 microseconds after a call on. How many of them work for a layer is the layer's thread count. Of a
/// call by as many threads as there are processors, if these are at most 8, they stay off the caller's: by
/// their affinity.
std::shared_ptr<Executor> shared_executor();

/// Most threads of a Workspace, and of a layer.
inline constexpr int most_threads = 1024;

/// Scratch memory and threads of one call at a time. Making one allocates; running in one does not.
///
/// Two threads may run the same layer at once, each in a Workspace of its own.
class Workspace {
public:
    /// An empty one: enough for nothing; layers replace it.
    Workspace();
    /// \param bytes_per_thread  what a layer's workspace_bytes() says
    /// \param threads           from 1 to most_threads; 1 never touches the executor
    /// \throws std::invalid_argument for other threads; std::bad_alloc
    Workspace(std::size_t bytes_per_thread, int threads, std::shared_ptr<Executor> executor = nullptr);
    ~Workspace();
    Workspace(Workspace &&) noexcept;
    Workspace &operator=(Workspace &&) noexcept;

    std::size_t bytes_per_thread() const noexcept;
    int threads() const noexcept;
    /// The most bytes that one thread has held at a time since the Workspace was made.
    std::size_t peak_bytes() const noexcept;
    /// What the generated code last reported; empty when nothing. Valid until the next call.
    const char *error() const noexcept;

    struct State;
    State *state() noexcept { return state_.get(); }

private:
    std::unique_ptr<State> state_;
};

} // namespace conv1d
