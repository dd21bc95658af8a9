#include "conv1d/conv1d.h"

#include "c_options.h"
#include "conv1d/layers.h"
#include "conv1d/status.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

struct conv1d_layer {
    std::unique_ptr<conv1d::Layer> layer;
};

struct conv1d_workspace {
    conv1d::Workspace workspace;
};

namespace {

using conv1d::ConstTensor;
using conv1d::Sizes;
using conv1d::Status;
using conv1d::Tensor;

thread_local std::array<char, 512> last_error{};

conv1d_status failed(conv1d_status status, const char *sentence) noexcept {
    std::strncpy(last_error.data(), sentence, last_error.size() - 1);
    return status;
}

/// Runs the body of a function of this header, which may throw or return a Status.
template <class Body>
conv1d_status guarded(const Body &body) noexcept {
    last_error[0] = '\0';
    try {
        body();
        return CONV1D_OK;
    } catch (const std::invalid_argument &error) {
        return failed(CONV1D_INVALID_ARGUMENT, error.what());
    } catch (const std::length_error &) {
        return failed(CONV1D_OUT_OF_MEMORY, "out of memory");
    } catch (const std::bad_alloc &) {
        return failed(CONV1D_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception &error) {
        return failed(CONV1D_KERNEL_FAILED, error.what());
    } catch (...) {
        return failed(CONV1D_KERNEL_FAILED, "an exception of an unknown type");
    }
}

template <class Pointer>
Pointer *needed(Pointer *pointer, const char *function, const char *name) {
    if (pointer == nullptr)
        throw std::invalid_argument(std::string(function) + ": " + name + " is null; expected a pointer");
    return pointer;
}

/// Does not allocate for the ranks that layers take.
Sizes read_sizes(const char *function, const char *format, const std::int64_t *sizes) {
    needed(format, function, "format");
    needed(sizes, function, "sizes");
    switch (std::strlen(format)) {
    case 2:
        return {sizes[0], sizes[1]};
    case 3:
        return {sizes[0], sizes[1], sizes[2]};
    case 4:
        return {sizes[0], sizes[1], sizes[2], sizes[3]};
    default:
        throw std::invalid_argument(std::string(function) + ": format is '" + format +
                                    "'; expected from 2 to 4 labels");
    }
}

void copy_values(const std::vector<float> &from, float *to) {
    if (to != nullptr)
        std::copy(from.begin(), from.end(), to);
}

void give(const std::vector<float> &from, const char *function, const float **values, std::size_t *count) {
    needed(values, function, "values");
    *needed(count, function, "count") = from.size();
    *values = from.data();
}

std::vector<float> values_of(const float *values, std::size_t count) {
    if (count > std::vector<float>().max_size())
        throw std::length_error("more values than memory can hold");
    return count == 0 ? std::vector<float>() : std::vector<float>(values, values + count);
}

} // namespace

extern "C" {

const char *conv1d_version(void) {
    return CONV1D_VERSION;
}

const char *conv1d_last_error(void) {
    return last_error.data();
}

const char *conv1d_status_text(conv1d_status status) {
    return status == CONV1D_OUT_OF_MEMORY ? "out of memory" : to_string(static_cast<Status>(status));
}

conv1d_status conv1d_create(const char *options, conv1d_layer **layer) {
    return guarded([&] {
        *needed(layer, "conv1d_create", "layer") = nullptr;
        auto made = std::make_unique<conv1d_layer>();
        made->layer = conv1d::detail::make_layer(needed(options, "conv1d_create", "options"));
        *layer = made.release();
    });
}

void conv1d_free(conv1d_layer *layer) {
    delete layer;
}

conv1d_status conv1d_set_weights(conv1d_layer *layer, const float *values, size_t count) {
    return guarded([&] {
        needed(layer, "conv1d_set_weights", "layer");
        if (count != 0)
            needed(values, "conv1d_set_weights", "values");
        layer->layer->set_weights(values_of(values, count));
    });
}

conv1d_status conv1d_set_bias(conv1d_layer *layer, const float *values, size_t count) {
    return guarded([&] {
        needed(layer, "conv1d_set_bias", "layer");
        if (count != 0)
            needed(values, "conv1d_set_bias", "values");
        layer->layer->set_bias(values_of(values, count));
    });
}

conv1d_status conv1d_get_weights(const conv1d_layer *layer, const float **values, size_t *count) {
    return guarded([&] {
        const char *function = "conv1d_get_weights";
        give(needed(layer, function, "layer")->layer->weights(), function, values, count);
    });
}

conv1d_status conv1d_get_bias(const conv1d_layer *layer, const float **values, size_t *count) {
    return guarded([&] {
        const char *function = "conv1d_get_bias";
        give(needed(layer, function, "layer")->layer->bias(), function, values, count);
    });
}

conv1d_status conv1d_set_threads(conv1d_layer *layer, int threads) {
    return guarded([&] { needed(layer, "conv1d_set_threads", "layer")->layer->set_threads(threads); });
}

conv1d_status conv1d_output_sizes(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                  int64_t *output_sizes) {
    return guarded([&] {
        const char *function = "conv1d_output_sizes";
        const Sizes output = needed(layer, function, "layer")
                                 ->layer->output_sizes(needed(format, function, "format"),
                                                       read_sizes(function, format, sizes));
        std::copy(output.begin(), output.end(), needed(output_sizes, function, "output_sizes"));
    });
}

conv1d_status conv1d_kernel(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                            const char **schedule, const char **target, int *specialised) {
    return guarded([&] {
        const char *function = "conv1d_kernel";
        const conv1d::Kernel &kernel =
            needed(layer, function, "layer")
                ->layer->kernel_for(needed(format, function, "format"), read_sizes(function, format, sizes));
        if (schedule != nullptr)
            *schedule = kernel.schedule->name;
        if (target != nullptr)
            *target = to_string(kernel.target);
        if (specialised != nullptr)
            *specialised = tier_of(kernel) == conv1d::Tier::specialised ? 1 : 0;
    });
}

conv1d_status conv1d_prepare(conv1d_layer *layer, const char *format, const int64_t *sizes) {
    return guarded([&] {
        const char *function = "conv1d_prepare";
        needed(layer, function, "layer")
            ->layer->prepare(needed(format, function, "format"), read_sizes(function, format, sizes));
    });
}

conv1d_status conv1d_workspace_bytes(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                     size_t *bytes) {
    return guarded([&] {
        const char *function = "conv1d_workspace_bytes";
        needed(bytes, function, "bytes");
        *bytes = needed(layer, function, "layer")
                     ->layer->workspace_bytes(needed(format, function, "format"),
                                              read_sizes(function, format, sizes));
    });
}

conv1d_status conv1d_make_workspace(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                    conv1d_workspace **workspace) {
    return guarded([&] {
        const char *function = "conv1d_make_workspace";
        *needed(workspace, function, "workspace") = nullptr;
        auto made = std::make_unique<conv1d_workspace>();
        made->workspace = needed(layer, function, "layer")
                              ->layer->make_workspace(needed(format, function, "format"),
                                                      read_sizes(function, format, sizes));
        *workspace = made.release();
    });
}

void conv1d_free_workspace(conv1d_workspace *workspace) {
    delete workspace;
}

conv1d_status conv1d_forward(conv1d_layer *layer, const char *format, const int64_t *sizes,
                             const float *input, const float *residual, float *output,
                             conv1d_workspace *workspace) {
    Status status = Status::ok;
    const conv1d_status thrown = guarded([&] {
        const char *function = "conv1d_forward";
        conv1d::Layer &l = *needed(layer, function, "layer")->layer;
        const ConstTensor x(needed(format, function, "format"), read_sizes(function, format, sizes),
                            needed(input, function, "input"));
        const Sizes output_sizes = l.output_sizes(format, x.sizes());
        Tensor y(format, output_sizes, needed(output, function, "output"));
        const ConstTensor r =
            residual == nullptr ? ConstTensor(y) : ConstTensor(format, output_sizes, residual);
        if (workspace == nullptr)
            residual == nullptr ? l.forward(x, y) : l.forward(x, r, y);
        else
            status = residual == nullptr ? l.forward(x, y, workspace->workspace)
                                         : l.forward(x, r, y, workspace->workspace);
    });
    if (thrown != CONV1D_OK || status == Status::ok)
        return thrown;
    const bool ran = status == Status::kernel_failed || status == Status::device_unavailable;
    const char *reason = ran ? workspace->workspace.error() : ""; // else another call's, which may be running
    return failed(static_cast<conv1d_status>(status), *reason != '\0' ? reason : to_string(status));
}

conv1d_status conv1d_backward(conv1d_layer *layer, const char *format, const int64_t *sizes,
                              const float *input, const float *output_gradient, float *input_gradient,
                              float *weights_gradient, float *bias_gradient, int accumulate) {
    return guarded([&] {
        const char *function = "conv1d_backward";
        conv1d::Layer &l = *needed(layer, function, "layer")->layer;
        const ConstTensor x(needed(format, function, "format"), read_sizes(function, format, sizes),
                            needed(input, function, "input"));
        const ConstTensor dy(format, l.output_sizes(format, x.sizes()),
                             needed(output_gradient, function, "output_gradient"));
        l.initialize(x); // so that there is a count of weights
        Tensor dx;
        if (input_gradient != nullptr)
            dx = Tensor(format, x.sizes(), input_gradient);
        std::vector<float> dw, db;
        if (accumulate != 0 && weights_gradient != nullptr)
            dw = values_of(weights_gradient, l.weights().size());
        if (accumulate != 0 && bias_gradient != nullptr)
            db = values_of(bias_gradient, l.bias().size());
        l.backward(x, dy,
                   {input_gradient == nullptr ? nullptr : &dx, weights_gradient == nullptr ? nullptr : &dw,
                    bias_gradient == nullptr ? nullptr : &db, accumulate != 0});
        copy_values(dw, weights_gradient);
        copy_values(db, bias_gradient);
    });
}

} // extern "C"
