#pragma once

#include "bench/peers/onednn.h"
#include "conv1d/problem.h"

#include <dnnl.hpp>

#include <cstdint>
#include <vector>

namespace conv1d::bench {

/// What both directions call the descriptors of an operation. The two have the same parameters.
struct Convolution {
    using Forward = dnnl::convolution_forward;
    using Data = dnnl::convolution_backward_data;
    using Weights = dnnl::convolution_backward_weights;
    static constexpr auto algorithm = dnnl::algorithm::convolution_direct;
};

struct Deconvolution {
    using Forward = dnnl::deconvolution_forward;
    using Data = dnnl::deconvolution_backward_data;
    using Weights = dnnl::deconvolution_backward_weights;
    static constexpr auto algorithm = dnnl::algorithm::deconvolution_direct;
};

/// The sizes and layouts of a layer's arrays, with a height of 1 where it is posed so. Memory order cbt is
/// read as nwc.
class Shapes {
public:
    Shapes(const Problem &p, bool two_dimensional) : p_(p), two_dimensional_(two_dimensional) {}

    /// \param any  in whatever layout a primitive wants
    dnnl::memory::desc input(bool any) const { return activations(p_.channels, p_.length, any); }
    dnnl::memory::desc output(bool any) const { return activations(p_.filters, p_.output_length(), any); }
    /// Not any: as the layers' weights() lie.
    dnnl::memory::desc weights(bool any) const;
    dnnl::memory::desc bias() const {
        return {{p_.filters}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x};
    }

    dnnl::memory::dims strides() const { return with_height({p_.stride}, 1); }
    dnnl::memory::dims dilations() const { return with_height({p_.dilation - 1}, 0); }
    dnnl::memory::dims left() const { return with_height({p_.left}, 0); }
    dnnl::memory::dims right() const { return with_height({p_.right - p_.output_padding}, 0); }

private:
    dnnl::memory::desc activations(std::int64_t channels, std::int64_t length, bool any) const;
    dnnl::memory::dims with_height(dnnl::memory::dims dims, std::int64_t height) const;

    Problem p_;
    bool two_dimensional_;
};

/// An engine with its stream, on which everything runs at once.
struct Processor {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};

    void reorder(dnnl::memory &from, dnnl::memory &to);
    /// A copy of `plain`, which lies as `from` says.
    dnnl::memory laid_out(const float *plain, const dnnl::memory::desc &from, const dnnl::memory::desc &to);
    std::vector<float> values(dnnl::memory &from, const dnnl::memory::desc &plain);
};

} // namespace conv1d::bench
