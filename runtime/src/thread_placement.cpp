#include "thread_placement.h"

#ifdef CONV1D_PLACES_THREADS

#include <pthread.h>

namespace conv1d {

void ThreadPlacement::learn_processors() noexcept {
    const bool known = sched_getaffinity(0, sizeof all_, &all_) == 0; // of at most 1024
    count_ = known ? static_cast<std::size_t>(CPU_COUNT(&all_)) : 0;
    left_out_ = -1;
}

void ThreadPlacement::keep_off_this_processor(std::vector<std::thread> &threads) noexcept {
    if (count_ < 2 || count_ > threads.size() + 1)
        return;
    const int processor = sched_getcpu();
    if (processor == left_out_ || processor < 0 || !CPU_ISSET(processor, &all_))
        return;
    cpu_set_t others = all_;
    CPU_CLR(processor, &others);
    for (std::thread &thread : threads)
        pthread_setaffinity_np(thread.native_handle(), sizeof others, &others);
    left_out_ = processor;
}

} // namespace conv1d

#else

namespace conv1d {

void ThreadPlacement::learn_processors() noexcept {}
void ThreadPlacement::keep_off_this_processor(std::vector<std::thread> &) noexcept {}

} // namespace conv1d

#endif
