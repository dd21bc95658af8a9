// What generated code calls back: memory, parallel loops and errors, each through the CallContext that the
// call was given as its user context. These definitions replace the weak ones of Halide's runtime. A null
// context (other Halide code in the same program, or Halide's runtime itself) gets the heap and serial loops.
// conv1d_fetch_input() is ours alone, and takes no context.
#include "halide_hooks.h"

#include "call_context.h"
#include "fetched_rows.h"
#include "schedules/scratch.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace conv1d {
namespace {

/// One parallel loop. Each worker has a part of the tasks, in order, as neighbours share input; tasks are
/// taken one by one, and who is done takes from the others, so a slow thread does fewer.
struct ParallelLoop {
    halide_task_t task;
    std::uint8_t *closure;
    CallContext *caller;
    int workers;
    std::atomic<int> result{0};

    CallContext &context_of(int worker) const noexcept {
        return worker == 0 ? *caller : caller->workspace->contexts[static_cast<std::size_t>(worker)];
    }

    void share(int begin, int size) const noexcept {
        const auto part = [&](int worker) {
            return begin + static_cast<int>(std::int64_t{size} * worker / workers);
        };
        for (int worker = 0; worker < workers; worker++) {
            context_of(worker).next_task = part(worker);
            context_of(worker).end_of_tasks = part(worker + 1);
        }
    }

    void work(int worker) noexcept {
        for (int i = 0; i < workers; i++)
            take_from((worker + i) % workers, context_of(worker));
    }

private:
    void take_from(int owner, CallContext &context) noexcept {
        CallContext &tasks = context_of(owner);
        for (int i = tasks.next_task++; i < tasks.end_of_tasks && result.load() == 0; i = tasks.next_task++) {
            if (const int failed = task(&context, i, closure))
                result.store(failed);
        }
    }
};

void work_as(void *loop, int worker) {
    static_cast<ParallelLoop *>(loop)->work(worker);
}

int run_serially(void *context, halide_task_t task, int begin, int size, std::uint8_t *closure) {
    for (int i = begin; i < begin + size; i++) {
        if (const int failed = task(context, i, closure))
            return failed;
    }
    return 0;
}

void collect_errors(CallContext &caller, int workers) noexcept {
    for (int w = 1; w < workers; w++) {
        const CallContext &context = caller.workspace->contexts[static_cast<std::size_t>(w)];
        if (context.error[0] != '\0')
            caller.record_error(context.error.data());
        caller.arena_exhausted = caller.arena_exhausted || context.arena_exhausted;
    }
}

} // namespace

void use_halide_hooks() noexcept {}

} // namespace conv1d

using conv1d::CallContext;

extern "C" {

void *halide_malloc(void *user_context, std::size_t bytes) {
    if (user_context == nullptr) {
        const std::size_t alignment = conv1d::Arena::alignment;
        return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    }
    auto &context = *static_cast<CallContext *>(user_context);
    void *block = context.arena.take(bytes);
    if (block == nullptr)
        context.arena_exhausted = true;
    return block;
}

void halide_free(void *user_context, void *block) {
    if (user_context == nullptr)
        return std::free(block);
    static_cast<CallContext *>(user_context)->arena.give_back(block);
}

std::int32_t conv1d_fetch_input(const halide_buffer_t *input, std::int64_t first, std::int32_t samples,
                                std::int32_t part, std::int32_t parts, std::int32_t group,
                                std::int32_t batch) noexcept {
    const conv1d::FetchedRows fetched =
        conv1d::fetched_rows(*input, first, samples, part, parts, group, batch);
    for (std::int64_t row = 0; row < fetched.rows; row++) {
        const std::uint8_t *line = input->host + fetched.begin + row * fetched.apart;
        for (std::int64_t i = 0; i < fetched.row_bytes; i += conv1d::schedules::cache_line)
            __builtin_prefetch(line + i);
    }
    return 0;
}

void halide_error(void *user_context, const char *message) {
    if (user_context != nullptr)
        static_cast<CallContext *>(user_context)->record_error(message);
}

int halide_do_par_for(void *user_context, halide_task_t task, int begin, int size, std::uint8_t *closure) {
    auto *context = static_cast<CallContext *>(user_context);
    const int workers = context == nullptr ? 1 : std::min(context->threads, size);
    if (workers <= 1)
        return conv1d::run_serially(user_context, task, begin, size, closure);
    conv1d::ParallelLoop loop{task, closure, context, workers};
    loop.share(begin, size);
    const int threads = std::exchange(context->threads, 1); // loops inside this one run in their own thread
    context->workspace->executor->run(workers, conv1d::work_as, &loop);
    loop.work(0); // what an executor that left workers out has not done
    context->threads = threads;
    conv1d::collect_errors(*context, workers);
    return loop.result.load();
}

} // extern "C"
