#include "thread_placement.h"

namespace conv1d {

#ifdef CONV1D_PLACES_THREADS

void ThreadPlacement::add(std::thread &thread) {
    Placed placed{thread.native_handle(), {}};
    if (sched_getaffinity(0, sizeof placed.processors, &placed.processors) == 0) // which the new one inherits
        threads_.push_back(placed);
}

void ThreadPlacement::keep_off_this_processor(int workers) noexcept {
    if (workers >= many_processors)
        return;
    const int processor = sched_getcpu();
    if (processor < 0 || processor == left_out_ || processor >= CPU_SETSIZE)
        return;
    bool placed = false;
    for (const Placed &one : threads_) {
        cpu_set_t others = one.processors;
        if (CPU_COUNT(&others) != workers || !CPU_ISSET(processor, &others))
            continue;
        CPU_CLR(processor, &others);
        placed = pthread_setaffinity_np(one.thread, sizeof others, &others) == 0 || placed;
    }
    if (placed)
        left_out_ = processor;
}

void ThreadPlacement::release() noexcept {
    if (left_out_ < 0)
        return;
    for (const Placed &one : threads_)
        pthread_setaffinity_np(one.thread, sizeof one.processors, &one.processors);
    left_out_ = -1;
}

#else

void ThreadPlacement::add(std::thread &) {}
void ThreadPlacement::keep_off_this_processor(int) noexcept {}
void ThreadPlacement::release() noexcept {}

#endif

} // namespace conv1d
