#ifndef CONV1D_CONV1D_H
#define CONV1D_CONV1D_H

#include <stddef.h>
#include <stdint.h>

/* The layers for C and what calls it: float32, dense tensors. See conv1d/layers.h for what the layers
 * compute, their options and their errors.
 *
 * Failures. Every function that can fail returns a conv1d_status, and then conv1d_last_error() says why in
 * one sentence; of conv1d_forward() with a workspace, which does not allocate, it may be the status in words.
 * No output was written when it is CONV1D_INVALID_ARGUMENT. A null handle, or a null pointer where none is
 * allowed, is CONV1D_INVALID_ARGUMENT.
 *
 * Threads. A layer may be used by several threads at once in conv1d_forward() with a workspace each, and in
 * the functions that take it as const; the others want it for themselves.
 *
 * Formats and sizes. `format` has a letter for each dimension, the fastest in memory first: "SCB" is
 * PyTorch's NCL, "CBT" [time][batch][channel]. `sizes` has as many entries: those of the input. */

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers of conv1d::Status, and what else may fail. */
typedef enum conv1d_status {
    CONV1D_OK = 0,
    CONV1D_INVALID_ARGUMENT,    /* an option, a size, a format or a pointer is not what is expected */
    CONV1D_NOT_INITIALIZED,     /* no weights yet, or they changed and the layer was not prepared again */
    CONV1D_WORKSPACE_TOO_SMALL, /* the workspace was made for another layer or a longer signal */
    CONV1D_WORKSPACE_BUSY,      /* another thread is running in the workspace */
    CONV1D_DEVICE_UNAVAILABLE,  /* a GPU kernel without its device or driver */
    CONV1D_KERNEL_FAILED,       /* the generated code reported an error */
    CONV1D_OUT_OF_MEMORY
} conv1d_status;

typedef struct conv1d_layer conv1d_layer;         /* a layer and its parameters */
typedef struct conv1d_workspace conv1d_workspace; /* scratch memory and threads of one call at a time */

/* "0.1.0". */
const char *conv1d_version(void);

/* Why the last call in this thread that returned a status failed; empty if it did not. Valid until the next
 * such call in this thread. */
const char *conv1d_last_error(void);

/* The status in words. Never null. */
const char *conv1d_status_text(conv1d_status status);

/* Makes a layer from its operation, "conv" or "tconv", and options as layers.h lists them, with spaces
 * between them:
 *
 *     conv FilterSize=3 NumFilters=384 NumChannels=80 Padding=1 Activation=leaky-relu ActivationSlope=0.1
 *     tconv FilterSize=16 NumFilters=256 Stride=8 Cropping=4,4
 *
 * FilterSize and NumFilters are needed. Numbers are decimal, two of them with a comma. `*layer` is null on
 * failure; else it is the caller's, for conv1d_free(). */
conv1d_status conv1d_create(const char *options, conv1d_layer **layer);

/* Frees a layer; null is none. */
void conv1d_free(conv1d_layer *layer);

/* Copies `count` values: weights [filters][channels/groups][taps], of tconv [channels][filters/groups][taps],
 * PyTorch's order; bias [filters]. A count of 0 removes them, so that the initializer runs again. Takes
 * effect at the next conv1d_prepare(), or conv1d_forward() without a workspace. */
conv1d_status conv1d_set_weights(conv1d_layer *layer, const float *values, size_t count);
conv1d_status conv1d_set_bias(conv1d_layer *layer, const float *values, size_t count);

/* The values that there are: `*count` is 0 before there are any. The layer's, until they change. */
conv1d_status conv1d_get_weights(const conv1d_layer *layer, const float **values, size_t *count);
conv1d_status conv1d_get_bias(const conv1d_layer *layer, const float **values, size_t *count);

/* Most threads of one call; 1 unless set. Workspaces that are made later have as many. */
conv1d_status conv1d_set_threads(conv1d_layer *layer, int threads);

/* Fills `output_sizes`, as many entries as the format has letters. */
conv1d_status conv1d_output_sizes(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                  int64_t *output_sizes);

/* Which kernel such an input gets: the name of its schedule and of its target, constants, and whether it is
 * specialised for the layer (1) or built in (0), without a residual. Each of the three may be null. The
 * choice cannot be forced from C. */
conv1d_status conv1d_kernel(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                            const char **schedule, const char **target, int *specialised);

/* Makes weights and bias by their initializers where there are none, and packs them for such inputs. */
conv1d_status conv1d_prepare(conv1d_layer *layer, const char *format, const int64_t *sizes);

/* Scratch memory of one forward, in bytes, for each thread. */
conv1d_status conv1d_workspace_bytes(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                     size_t *bytes);

/* A workspace for inputs of such sizes and as many threads as the layer has now. `*workspace` is null on
 * failure; else it is the caller's, for conv1d_free_workspace(). */
conv1d_status conv1d_make_workspace(const conv1d_layer *layer, const char *format, const int64_t *sizes,
                                    conv1d_workspace **workspace);

/* Frees a workspace; null is none. */
void conv1d_free_workspace(conv1d_workspace *workspace);

/* output = layer(input) [+ residual].
 *
 *     input      of `sizes`
 *     residual   of the output's sizes, or null for none; may be `output`
 *     output     of conv1d_output_sizes(); shares no memory with the input
 *     workspace  of conv1d_make_workspace(): then the layer has to be prepared, and the call neither
 *                allocates nor waits. Null: the layer's own, and it is prepared where needed. */
conv1d_status conv1d_forward(conv1d_layer *layer, const char *format, const int64_t *sizes,
                             const float *input, const float *residual, float *output,
                             conv1d_workspace *workspace);

/* Gradients of a scalar with respect to input, weights and bias, from that with respect to the output.
 *
 *     input             of `sizes`
 *     output_gradient   of conv1d_output_sizes()
 *     input_gradient    of `sizes`
 *     weights_gradient  as many as the layer has weights
 *     bias_gradient     one for each filter
 *     accumulate        not 0: adds to what is there
 *
 * What is null of the three gradients is not computed; each is in memory of its own. */
conv1d_status conv1d_backward(conv1d_layer *layer, const char *format, const int64_t *sizes,
                              const float *input, const float *output_gradient, float *input_gradient,
                              float *weights_gradient, float *bias_gradient, int accumulate);

#ifdef __cplusplus
}
#endif

#endif
