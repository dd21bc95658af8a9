#pragma once

#include "conv1d/run_kernel.h"
#include "schedules/scratch.h"

#include <new>
#include <string>
#include <vector>

namespace conv1d::bench {

/// Memory that begins where a cache line does, as a Tensor's: vectors that straddle two lines take longer.
template <class T>
struct LineAllocator {
    using value_type = T;
    static constexpr auto line = std::align_val_t{schedules::cache_line};

    T *allocate(std::size_t count) { return static_cast<T *>(::operator new(count * sizeof(T), line)); }
    void deallocate(T *memory, std::size_t) noexcept { ::operator delete(memory, line); }
    bool operator==(const LineAllocator &) const noexcept { return true; }
};

/// One kernel on one problem, with its arrays, ready to be run again and again.
class LayerRun {
public:
    LayerRun(const Kernel &kernel, const Problem &problem, int threads);

    Status run() noexcept;

    /// Runs once, and holds the result against the definition as verify_samples() does. \return what is
    /// wrong; empty when nothing is
    std::string verify();

private:
    Signal<const float> residual() const noexcept {
        return {residual_.empty() ? nullptr : residual_.data(), output_strides_};
    }

    const Kernel &kernel_;
    Problem problem_;
    Strides input_strides_;
    Strides output_strides_;
    std::vector<float, LineAllocator<float>> input_, residual_, output_;
    std::vector<float> weights_, bias_;
    PackedParameters<float> packed_;
    Workspace workspace_;
};

} // namespace conv1d::bench
