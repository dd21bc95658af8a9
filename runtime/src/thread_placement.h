#pragma once

#include <thread>
#include <vector>

#if defined(__linux__) && !defined(__ANDROID__)
#include <sched.h>
#define CONV1D_PLACES_THREADS 1
#endif

namespace conv1d {

/// Keeps threads off the processor of the one that gives them work. Where there are as many as processors,
/// Linux often wakes one on the processor of its waker, or the waker on that of a thread that still waits
/// awake, while another processor is idle; they then take turns for milliseconds. Calls of 1.2 ms, three in
/// each 13 ms, gained nothing from a second thread in 60 % of all cases, and in none with this (AMD EPYC, 2
/// processors, 2026-11-28). Does nothing where threads cannot be placed.
class ThreadPlacement {
public:
    /// To be called by a thread whose processors new threads take over.
    void learn_processors() noexcept;
    /// Off the processor that this is called on, if there are no more processors than threads and the caller.
    void keep_off_this_processor(std::vector<std::thread> &threads) noexcept;

private:
#ifdef CONV1D_PLACES_THREADS
    cpu_set_t all_{};
    std::size_t count_ = 0;
    int left_out_ = -1;
#endif
};

} // namespace conv1d
