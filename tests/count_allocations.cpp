#include "tests/count_allocations.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {
std::atomic<bool> armed{false};
std::atomic<int> allocations{0};

void count_allocation() noexcept {
    if (armed.load())
        allocations.fetch_add(1);
}
} // namespace

// The C library's own, under the names that it keeps for this. operator new and everything else calls these.
extern "C" {
void *__libc_malloc(std::size_t bytes) noexcept;
void *__libc_calloc(std::size_t count, std::size_t bytes) noexcept;
void *__libc_realloc(void *block, std::size_t bytes) noexcept;
void *__libc_memalign(std::size_t alignment, std::size_t bytes) noexcept;

void *malloc(std::size_t bytes) noexcept {
    count_allocation();
    return __libc_malloc(bytes);
}
void *calloc(std::size_t count, std::size_t bytes) noexcept {
    count_allocation();
    return __libc_calloc(count, bytes);
}
void *realloc(void *block, std::size_t bytes) noexcept {
    count_allocation();
    return __libc_realloc(block, bytes);
}
void *memalign(std::size_t alignment, std::size_t bytes) noexcept {
    count_allocation();
    return __libc_memalign(alignment, bytes);
}
void *aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    count_allocation();
    return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **block, std::size_t alignment, std::size_t bytes) noexcept {
    count_allocation();
    *block = __libc_memalign(alignment, bytes);
    return *block == nullptr ? ENOMEM : 0;
}
}

namespace conv1d::testing {

int allocations_of(const std::function<void()> &work) {
    allocations = 0;
    armed = true;
    work();
    armed = false;
    return allocations;
}

} // namespace conv1d::testing
