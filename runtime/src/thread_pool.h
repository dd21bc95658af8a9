#pragma once

#include "conv1d/workspace.h"
#include "thread_placement.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace conv1d {

/// Threads that wait until a caller has work: awake for a moment, as the next layer of a network follows at
/// once, then asleep. Several callers may have work at once; a caller that finds no free thread does all of
/// its work itself.
class ThreadPool final : public Executor {
public:
    ThreadPool() = default;
    ~ThreadPool() override;
    void run(int workers, void (*work)(void *, int), void *state) noexcept override;
    void reserve(int workers) override;
    int awake() const noexcept override { return awake_; }

private:
    struct Job {
        void (*work)(void *, int);
        void *state;
        int next;                 // worker number to be taken next
        int workers;              // numbers end here
        std::atomic<int> running; // taken by other threads and not finished
        Job *behind;              // next in the queue
    };

    void serve();
    /// Returns when a job may have come. The mutex is held, but not while waiting.
    void wait_for_job(std::unique_lock<std::mutex> &lock);
    /// The first job with a number to take, that number taken; null if none. The mutex is held.
    Job *take(int &worker) noexcept;
    void remove(Job *job) noexcept;

    std::mutex mutex_;
    std::condition_variable work_there_;
    std::condition_variable job_done_;
    Job *queue_ = nullptr;
    // Both change under the mutex.
    std::atomic<unsigned> jobs_ = 0; // that ever came
    std::atomic<int> awake_ = 0;     // threads without a job that are not asleep
    bool stopping_ = false;
    std::vector<std::thread> threads_;
    ThreadPlacement placement_;
};

} // namespace conv1d
