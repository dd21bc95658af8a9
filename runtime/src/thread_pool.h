#pragma once

#include "conv1d/workspace.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace conv1d {

/// Threads that sleep until a caller has work. Several callers may have work at once; a caller that finds no
/// free thread does all of its work itself.
class ThreadPool final : public Executor {
public:
    ThreadPool() = default;
    ~ThreadPool() override;
    void run(int workers, void (*work)(void *, int), void *state) noexcept override;
    void reserve(int workers) override;

private:
    struct Job {
        void (*work)(void *, int);
        void *state;
        int next;    // worker number to be taken next
        int workers; // numbers end here
        int running; // taken by other threads and not finished
        Job *behind; // next in the queue
    };

    void serve();
    /// The first job with a number to take, that number taken; null if none. The mutex is held.
    Job *take(int &worker) noexcept;
    void remove(Job *job) noexcept;

    std::mutex mutex_;
    std::condition_variable work_there_;
    std::condition_variable job_done_;
    Job *queue_ = nullptr;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace conv1d
