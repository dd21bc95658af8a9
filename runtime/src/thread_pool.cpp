#include "thread_pool.h"

namespace conv1d {

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
    while (static_cast<int>(threads_.size()) < workers - 1)
        threads_.emplace_back([this] { serve(); });
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
            work_there_.wait(lock);
            continue;
        }
        lock.unlock();
        job->work(job->state, worker);
        lock.lock();
        if (--job->running == 0)
            job_done_.notify_all();
    }
}

void ThreadPool::run(int workers, void (*work)(void *, int), void *state) noexcept {
    Job job{work, state, 1, workers, 0, nullptr};
    std::unique_lock lock(mutex_);
    Job **end = &queue_;
    while (*end != nullptr)
        end = &(*end)->behind;
    *end = &job;
    lock.unlock();
    work_there_.notify_all();
    work(state, 0);
    lock.lock();
    while (job.next < job.workers) { // nobody was free for these
        const int worker = job.next++;
        lock.unlock();
        work(state, worker);
        lock.lock();
    }
    job_done_.wait(lock, [&] { return job.running == 0; });
    remove(&job);
}

} // namespace conv1d
