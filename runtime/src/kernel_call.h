#pragma once

// What the calls of forward and gradient kernels share.
#include "call_context.h"
#include "conv1d/run_kernel.h"
#include "packed_layout.h"

#include <HalideRuntime.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace conv1d {

/// Below this many floating-point operations a second thread costs more than it brings: one that has to be
/// woken, which takes the caller some 14 us, and one that waits awake, 0.6 to 1 us (Intel Xeon, 2026-11-26).
inline constexpr double flops_per_woken_thread = 2e6, flops_per_awake_thread = 2e5;

/// Operations that take as long as moving a byte of a layer that few operations make of many bytes: of 120
/// GFLOP/s at 40 GB/s, an estimate for one core.
inline constexpr double flops_per_byte = 3;

/// A buffer descriptor over memory that somebody else owns, and its dimensions.
template <std::size_t N>
struct Buffer {
    std::array<halide_dimension_t, N> dimensions;
    halide_buffer_t descriptor{};

    /// First index first.
    template <class T>
    Buffer(const T *data, const std::array<Dimension, N> &shape) noexcept {
        for (std::size_t i = 0; i < N; i++) {
            dimensions[i] = {0, static_cast<std::int32_t>(shape[i].extent),
                             static_cast<std::int32_t>(shape[i].stride), 0};
        }
        descriptor.host = reinterpret_cast<std::uint8_t *>(const_cast<T *>(data));
        descriptor.type = halide_type_of<T>();
        descriptor.dimensions = static_cast<std::int32_t>(N);
        descriptor.dim = dimensions.data();
    }
    /// Leaves `extent` of that index, from `begin` on, which counts from 0 again.
    template <class T>
    void crop(std::size_t i, std::int64_t begin, std::int64_t extent) noexcept {
        if (descriptor.host == nullptr)
            return;
        descriptor.host += begin * dimensions[i].stride * static_cast<std::int64_t>(sizeof(T));
        dimensions[i].extent = static_cast<std::int32_t>(extent);
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
};

template <class T>
Buffer<4> signal(Signal<T> signal, std::int64_t length, std::int64_t channels, const Problem &p) noexcept {
    const std::int64_t per_group = quotient(channels, p.groups);
    const Strides &s = signal.strides;
    return {signal.data,
            {{{length, s.position},
              {per_group, s.channel},
              {p.groups, s.channel * per_group},
              {p.batch, s.batch}}}};
}

/// Marks a workspace as used for the length of a call.
class Hold {
public:
    explicit Hold(Workspace::State &state) noexcept : state_(state), held_(!state.busy.exchange(true)) {}
    ~Hold() {
        if (held_)
            state_.busy.store(false);
    }
    Hold(const Hold &) = delete;
    Hold &operator=(const Hold &) = delete;
    bool held() const noexcept { return held_; }

private:
    Workspace::State &state_;
    bool held_;
};

inline Status status_of(int failed, Target target, const CallContext &context) noexcept {
    if (failed == 0)
        return Status::ok;
    if (context.arena_exhausted)
        return Status::workspace_too_small;
    const bool no_device =
        failed == halide_error_code_symbol_not_found || failed == halide_error_code_generic_error ||
        failed == halide_error_code_gpu_device_error || failed == halide_error_code_device_malloc_failed;
    return is_gpu(target) && no_device ? Status::device_unavailable : Status::kernel_failed;
}

/// What a call's threads may share, in floating-point operations; nothing if there is one thread.
inline double shared_work(const Workspace::State &state, const Problem &p) noexcept {
    return state.contexts.size() == 1 ? 0 : std::max(p.flops(), flops_per_byte * p.bytes());
}

/// The context of a call by as many threads as so many operations are worth.
inline CallContext &begin_call(Workspace::State &state, double flops) noexcept {
    const int awake = state.executor ? state.executor->awake() : 0;
    const double threads =
        std::max(std::min(flops / flops_per_awake_thread, 1.0 + awake), flops / flops_per_woken_thread);
    return state.begin_call(static_cast<int>(std::clamp(threads, 1.0, double{most_threads})));
}

/// True when each index of a signal times its stride can be a kernel's 32-bit offset.
inline bool offsets_fit(std::int64_t length, std::int64_t channels, std::int64_t batch, Strides s) noexcept {
    constexpr double limit = 2147483647.0;
    return std::abs(static_cast<double>(s.position)) * static_cast<double>(length) <= limit &&
           std::abs(static_cast<double>(s.channel)) * static_cast<double>(channels) <= limit &&
           std::abs(static_cast<double>(s.batch)) * static_cast<double>(batch) <= limit;
}

} // namespace conv1d
