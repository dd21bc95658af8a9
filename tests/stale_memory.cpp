// In place of the library's own: aligned memory, which workspaces take, is handed out full of subnormal
// numbers, in float32 and in float64, as if it had held something else before.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

void *operator new(std::size_t bytes, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    const std::size_t whole = (bytes + unit - 1) / unit * unit;
    void *memory = std::aligned_alloc(unit, whole);
    if (memory == nullptr)
        throw std::bad_alloc();
    constexpr std::uint32_t subnormal = 1;
    std::fill_n(static_cast<std::uint32_t *>(memory), whole / sizeof(subnormal), subnormal);
    return memory;
}

void operator delete(void *memory, std::align_val_t) noexcept {
    std::free(memory);
}

void operator delete(void *memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
