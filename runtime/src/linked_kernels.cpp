// The linker set that conv1d_add_kernels() puts its tables into: the section `conv1d_kernels`, whose ends the
// linker names. Hidden, so that a shared library sees the kernels that it was linked with; weak, because
// there may be none.
#include "conv1d/kernel.h"

extern "C" {
extern const conv1d::KernelTable __start_conv1d_kernels[] __attribute__((weak, visibility("hidden")));
extern const conv1d::KernelTable __stop_conv1d_kernels[] __attribute__((weak, visibility("hidden")));
}

namespace conv1d {

Table<KernelTable> linked_kernels() noexcept {
    const KernelTable *first = __start_conv1d_kernels;
    return {first, first == nullptr ? 0 : static_cast<std::size_t>(__stop_conv1d_kernels - first)};
}

} // namespace conv1d
