// What generated code calls back: memory, parallel loops and errors, each through the CallContext that the
// call was given as its user context. These definitions replace the weak ones of Halide's runtime. A null
// context (other Halide code in the same program, or Halide's runtime itself) gets the heap and serial loops.
#include "halide_hooks.h"

#include "call_context.h"

#include <HalideRuntime.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace conv1d {
namespace {

/// One parallel loop: tasks are taken one by one, so a slow thread does fewer.
struct ParallelLoop {
    halide_task_t task;
    std::uint8_t *closure;
    std::atomic<int> next;
    int end;
    CallContext *caller;
    std::atomic<int> result{0};

    void work(CallContext &context) noexcept {
        for (int i = next.fetch_add(1); i < end && result.load() == 0; i = next.fetch_add(1)) {
            if (const int failed = task(&context, i, closure))
                result.store(failed);
        }
    }
};

void work_as(void *state, int worker) {
    auto &loop = *static_cast<ParallelLoop *>(state);
    CallContext &context =
        worker == 0 ? *loop.caller : loop.caller->workspace->contexts[static_cast<std::size_t>(worker)];
    loop.work(context);
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

void halide_error(void *user_context, const char *message) {
    if (user_context != nullptr)
        static_cast<CallContext *>(user_context)->record_error(message);
}

int halide_do_par_for(void *user_context, halide_task_t task, int begin, int size, std::uint8_t *closure) {
    auto *context = static_cast<CallContext *>(user_context);
    const int workers = context == nullptr ? 1 : std::min(context->threads, size);
    if (workers <= 1)
        return conv1d::run_serially(user_context, task, begin, size, closure);
    conv1d::ParallelLoop loop{task, closure, {begin}, begin + size, context};
    const int threads = std::exchange(context->threads, 1); // loops inside this one run in their own thread
    context->workspace->executor->run(workers, conv1d::work_as, &loop);
    loop.work(*context); // what an executor that left workers out has not done
    context->threads = threads;
    conv1d::collect_errors(*context, workers);
    return loop.result.load();
}

} // extern "C"
