#pragma once

#include <thread>
#include <vector>

#if defined(__linux__) && !defined(__ANDROID__)
#include <pthread.h>
#include <sched.h>
#define CONV1D_PLACES_THREADS 1
#endif

namespace conv1d {

/// Keeps a pool's threads off the processor of the one that gives them work, if the work is for as many
/// threads as there are processors, and these are few. There Linux often wakes a thread on the processor of
/// its waker, or the waker on that of a thread that still waits awake, while another processor is idle, and
/// they take turns for milliseconds. Calls of 1.2 ms for two threads, three in a row every 13 ms, gained
/// nothing from the second in 48 to 85 % of all rows, and in none with this (AMD EPYC, 2 processors,
/// 2026-11-28; more than 2 were not measured). Does nothing where threads cannot be placed.
class ThreadPlacement {
public:
    /// Processors from which on the system is left to find an idle one.
    static constexpr int many_processors = 9;

    /// To be told of each thread of the pool, by the one that has just started it.
    void add(std::thread &thread);
    /// Before work for so many threads, of which the calling one is the first.
    void keep_off_this_processor(int workers) noexcept;
    /// Before the calling thread sleeps: the others may have its processor.
    void release() noexcept;

private:
#ifdef CONV1D_PLACES_THREADS
    struct Placed {
        pthread_t thread;
        cpu_set_t processors; ///< that it began with
    };
    std::vector<Placed> threads_;
    int left_out_ = -1; ///< a processor; -1: none
#endif
};

} // namespace conv1d
