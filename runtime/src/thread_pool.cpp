#include "thread_pool.h"

#include <chrono>

namespace conv1d {
namespace {

/// Waits awake for about as long as it takes to wake a thread. \return whether it became true
template <class Condition>
bool comes_soon(Condition condition) noexcept {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + std::chrono::microseconds(50);
    while (!condition()) {
        if (Clock::now() >= end)
            return false;
        std::this_thread::yield(); // to whoever has something to do
    }
    return true;
}

} // namespace

std::shared_ptr<Executor> shared_executor() {
    static const auto pool = std::make_shared<ThreadPool>();
    return pool;
}

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_there_.notify_all();
    for (std::thread &thread : threads_)
        thread.join();
}

void ThreadPool::reserve(int workers) {
    const std::lock_guard lock(mutex_);
    while (static_cast<int>(threads_.size()) < workers - 1) {
        threads_.emplace_back([this] { serve(); });
        placement_.add(threads_.back());
    }
}

ThreadPool::Job *ThreadPool::take(int &worker) noexcept {
    for (Job *job = queue_; job != nullptr; job = job->behind) {
        if (job->next == job->workers)
            continue;
        worker = job->next++;
        job->running++;
        return job;
    }
    return nullptr;
}

void ThreadPool::remove(Job *job) noexcept {
    Job **link = &queue_;
    while (*link != job)
        link = &(*link)->behind;
    *link = job->behind;
}

void ThreadPool::serve() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        int worker = 0;
        Job *job = take(worker);
        if (job == nullptr) {
            wait_for_job(lock);
            continue;
        }
        lock.unlock();
        job->work(job->state, worker);
        lock.lock();
        if (--job->running == 0)
            job_done_.notify_all();
    }
}

void ThreadPool::wait_for_job(std::unique_lock<std::mutex> &lock) {
    const unsigned seen = jobs_;
    awake_++;
    lock.unlock();
    comes_soon([&] { return jobs_ != seen; });
    lock.lock();
    awake_--;
    work_there_.wait(lock, [&] { return jobs_ != seen || stopping_; });
}

void ThreadPool::run(int workers, void (*work)(void *, int), void *state) noexcept {
    Job job{work, state, 1, workers, 0, nullptr};
    std::unique_lock lock(mutex_);
    Job **end = &queue_;
    while (*end != nullptr)
        end = &(*end)->behind;
    *end = &job;
    jobs_++;
    const int asleep = workers - 1 - awake_;
    placement_.keep_off_this_processor(workers);
    lock.unlock();
    for (int i = 0; i < asleep; i++)
        work_there_.notify_one();
    work(state, 0);
    lock.lock();
    while (job.next < job.workers) { // nobody was free for these
        const int worker = job.next++;
        lock.unlock();
        work(state, worker);
        lock.lock();
    }
    if (job.running != 0) {
        lock.unlock();
        comes_soon([&] { return job.running == 0; });
        lock.lock();
        if (job.running != 0)
            placement_.release();
        job_done_.wait(lock, [&] { return job.running == 0; });
    }
    remove(&job);
}

} // namespace conv1d
