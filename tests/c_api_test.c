/* The C header, from C11: what its functions give, and each of their failures. Prints what is wrong and exits with 1. */
#include "conv1d/conv1d.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int faults = 0;

#define CHECK(condition) check((condition), #condition, __LINE__)

static void check(int holds, const char *condition, int line) {
    if (!holds) {
        printf("line %d: %s; the last error is '%s'\n", line, condition, conv1d_last_error());
        faults++;
    }
}

/* Fails with that status and a sentence that has the words. */
#define REFUSES(call, status, words) refuses((call), (status), (words), #call, __LINE__)

static void refuses(conv1d_status got, conv1d_status status, const char *words, const char *call, int line) {
    if (got != status || strstr(conv1d_last_error(), words) == NULL) {
        printf("line %d: %s gave '%s', '%s'; expected '%s'\n", line, call, conv1d_status_text(got), conv1d_last_error(),
               words);
        faults++;
    }
}

static const int64_t sizes[] = {8, 1, 1};

static conv1d_layer *made(const char *options) {
    conv1d_layer *layer = NULL;
    if (conv1d_create(options, &layer) != CONV1D_OK) {
        printf("'%s' is refused: %s\n", options, conv1d_last_error());
        exit(1);
    }
    return layer;
}

static void test_forward(void) {
    const float weights[] = {0.25f, 0.5f, 0.25f}, bias = 1;
    const float input[8] = {0, 0, 0, 4}, residual[8] = {10, 10, 10, 10, 10, 10, 10, 10};
    const float expected[8] = {1, 1, 2, 3, 2, 1, 1, 1};
    float output[8];
    conv1d_layer *layer = made("conv FilterSize=3 NumFilters=1 Padding=same Name=smooth");
    CHECK(conv1d_set_weights(layer, weights, 3) == CONV1D_OK);
    CHECK(conv1d_set_bias(layer, &bias, 1) == CONV1D_OK);
    CHECK(conv1d_forward(layer, "SCB", sizes, input, NULL, output, NULL) == CONV1D_OK);
    CHECK(memcmp(output, expected, sizeof output) == 0);
    CHECK(conv1d_forward(layer, "SCB", sizes, input, residual, output, NULL) == CONV1D_OK);
    for (int i = 0; i < 8; i++)
        CHECK(output[i] == expected[i] + 10);
    CHECK(conv1d_forward(layer, "SCB", sizes, input, output, output, NULL) == CONV1D_OK);
    CHECK(output[3] == 16);
    conv1d_free(layer);
}

static void test_workspace(void) {
    const float input[8] = {0, 0, 0, 1};
    float output[16];
    int64_t output_sizes[3] = {0};
    size_t bytes = 0, count = 0;
    const float *values = NULL, *again = NULL;
    conv1d_workspace *workspace = NULL, *small = NULL;
    const int64_t longer[] = {100000, 1, 1};
    conv1d_layer *layer = made("tconv FilterSize=4 NumFilters=1 Stride=2 Cropping=1,1 NumChannels=1 Seed=3");
    CHECK(conv1d_get_weights(layer, &values, &count) == CONV1D_OK && count == 0);
    CHECK(conv1d_set_threads(layer, 2) == CONV1D_OK);
    CHECK(conv1d_output_sizes(layer, "SCB", sizes, output_sizes) == CONV1D_OK);
    CHECK(output_sizes[0] == 16 && output_sizes[1] == 1 && output_sizes[2] == 1);
    CHECK(conv1d_make_workspace(layer, "SCB", sizes, &workspace) == CONV1D_OK && workspace != NULL);
    REFUSES(conv1d_forward(layer, "SCB", sizes, input, NULL, output, workspace), CONV1D_NOT_INITIALIZED,
            "not initialized");
    CHECK(conv1d_prepare(layer, "SCB", sizes) == CONV1D_OK);
    CHECK(conv1d_get_weights(layer, &values, &count) == CONV1D_OK && count == 4);
    CHECK(conv1d_get_bias(layer, &again, &count) == CONV1D_OK && count == 1);
    CHECK(conv1d_forward(layer, "SCB", sizes, input, NULL, output, workspace) == CONV1D_OK);
    CHECK(*conv1d_last_error() == '\0');
    CHECK(output[5] == values[0] && output[8] == values[3]);
    CHECK(conv1d_workspace_bytes(layer, "SCB", sizes, &bytes) == CONV1D_OK && bytes > 0);
    conv1d_free_workspace(workspace);

    float *signal = calloc(100000, sizeof(float)), *result = calloc(200000, sizeof(float));
    conv1d_layer *other = made("conv FilterSize=1 NumFilters=1");
    const int64_t one[] = {1, 1};
    CHECK(conv1d_make_workspace(other, "SC", one, &small) == CONV1D_OK);
    REFUSES(conv1d_forward(layer, "SCB", longer, signal, NULL, result, small), CONV1D_WORKSPACE_TOO_SMALL,
            "");
    conv1d_free_workspace(small);
    conv1d_free(other);
    conv1d_free(layer);
    free(signal);
    free(result);
}

static void test_kernel(void) {
    const char *schedule = NULL, *target = NULL;
    int specialised = -1;
    conv1d_layer *layer = made("conv FilterSize=9 NumFilters=2 NumChannels=1 Padding=4");
    CHECK(conv1d_kernel(layer, "SCB", sizes, &schedule, &target, &specialised) == CONV1D_OK);
    CHECK(schedule != NULL && strchr(schedule, '/') != NULL && target != NULL && specialised == 0);
    CHECK(conv1d_kernel(layer, "SCB", sizes, NULL, NULL, NULL) == CONV1D_OK);
    conv1d_free(layer);
}

static void test_backward(void) {
    const float weights[] = {1, -1}, input[] = {1, 2, 4, 8}, gradient[] = {1, 1, 1};
    const int64_t four[] = {4, 1};
    float dx[4] = {5, 5, 5, 5}, dw[2] = {5, 5}, db[1] = {5};
    conv1d_layer *layer = made("conv FilterSize=2 NumFilters=1");
    CHECK(conv1d_set_weights(layer, weights, 2) == CONV1D_OK);
    CHECK(conv1d_backward(layer, "SC", four, input, gradient, dx, dw, db, 0) == CONV1D_OK);
    CHECK(dw[0] == 7 && dw[1] == 14 && db[0] == 3 && dx[0] == 1 && dx[1] == 0 && dx[2] == 0 && dx[3] == -1);
    CHECK(conv1d_backward(layer, "SC", four, input, gradient, NULL, dw, db, 1) == CONV1D_OK);
    CHECK(dw[0] == 14 && dw[1] == 28 && db[0] == 6);
    CHECK(conv1d_backward(layer, "SC", four, input, gradient, NULL, NULL, NULL, 0) == CONV1D_OK);
    REFUSES(conv1d_backward(layer, "SC", four, input, NULL, dx, NULL, NULL, 0), CONV1D_INVALID_ARGUMENT,
            "output_gradient is null");
    REFUSES(conv1d_backward(layer, "SC", four, dx, gradient, dx, NULL, NULL, 0), CONV1D_INVALID_ARGUMENT, "overlap");
    conv1d_free(layer);
}

static void test_refusals(void) {
    const float values[4] = {0};
    float output[8];
    int64_t output_sizes[3];
    const int64_t none[] = {0, 1, 1}, two_channels[] = {8, 2, 1};
    size_t bytes = 0, count = 0;
    const float *pointer = NULL;
    conv1d_workspace *workspace = NULL;
    conv1d_layer *layer = (conv1d_layer *)output;
    REFUSES(conv1d_create("conv FilterSize=3", &layer), CONV1D_INVALID_ARGUMENT, "NumFilters is missing");
    CHECK(layer == NULL);
    REFUSES(conv1d_create("", &layer), CONV1D_INVALID_ARGUMENT, "expected 'conv' or 'tconv'");
    REFUSES(conv1d_create("fft FilterSize=3", &layer), CONV1D_INVALID_ARGUMENT, "'fft'");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 Stride", &layer), CONV1D_INVALID_ARGUMENT,
            "'Stride' is no option");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 Stride=0", &layer), CONV1D_INVALID_ARGUMENT,
            "Stride is 0; expected a positive integer");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 Strides=1", &layer), CONV1D_INVALID_ARGUMENT, "Strides");
    REFUSES(conv1d_create("tconv FilterSize=3 NumFilters=2 Padding=1", &layer), CONV1D_INVALID_ARGUMENT, "Padding");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 PaddingValue=nan", &layer), CONV1D_INVALID_ARGUMENT,
            "PaddingValue");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 FilterSize=4", &layer), CONV1D_INVALID_ARGUMENT,
            "FilterSize is given twice");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2 Padding=1,", &layer), CONV1D_INVALID_ARGUMENT,
            "Padding is '1,'");
    REFUSES(conv1d_create(NULL, &layer), CONV1D_INVALID_ARGUMENT, "options is null");
    REFUSES(conv1d_create("conv FilterSize=3 NumFilters=2", NULL), CONV1D_INVALID_ARGUMENT, "layer is null");

    layer = made("conv FilterSize=2 NumFilters=2 NumChannels=1 Name=7");
    REFUSES(conv1d_set_weights(layer, values, 3), CONV1D_INVALID_ARGUMENT, "'7'");
    conv1d_free(layer);
    layer = made("conv FilterSize=2 NumFilters=2 NumChannels=1 Name=short");
    REFUSES(conv1d_set_weights(layer, values, 3), CONV1D_INVALID_ARGUMENT, "'short': Weights is an array of 3");
    REFUSES(conv1d_set_weights(layer, NULL, 4), CONV1D_INVALID_ARGUMENT, "values is null");
    REFUSES(conv1d_set_weights(NULL, values, 4), CONV1D_INVALID_ARGUMENT, "layer is null");
    REFUSES(conv1d_set_bias(layer, values, 1), CONV1D_INVALID_ARGUMENT, "Bias is an array of 1");
    REFUSES(conv1d_set_bias(layer, NULL, 2), CONV1D_INVALID_ARGUMENT, "values is null");
    CHECK(conv1d_set_weights(layer, NULL, 0) == CONV1D_OK);
    REFUSES(conv1d_get_weights(layer, NULL, &count), CONV1D_INVALID_ARGUMENT, "values is null");
    REFUSES(conv1d_get_bias(layer, &pointer, NULL), CONV1D_INVALID_ARGUMENT, "count is null");
    CHECK(pointer == NULL);
    REFUSES(conv1d_set_weights(layer, values, (size_t)-1), CONV1D_OUT_OF_MEMORY, "out of memory");
    REFUSES(conv1d_set_threads(layer, 0), CONV1D_INVALID_ARGUMENT, "threads is 0");
    REFUSES(conv1d_output_sizes(layer, "SCX", sizes, output_sizes), CONV1D_INVALID_ARGUMENT, "'SCX'");
    REFUSES(conv1d_output_sizes(layer, "SSC", sizes, output_sizes), CONV1D_INVALID_ARGUMENT, "format is 'SSC'");
    REFUSES(conv1d_output_sizes(layer, "S", sizes, output_sizes), CONV1D_INVALID_ARGUMENT, "from 2 to 4 labels");
    REFUSES(conv1d_output_sizes(layer, NULL, sizes, output_sizes), CONV1D_INVALID_ARGUMENT, "format is null");
    REFUSES(conv1d_output_sizes(layer, "SCB", NULL, output_sizes), CONV1D_INVALID_ARGUMENT, "sizes is null");
    REFUSES(conv1d_output_sizes(layer, "SCB", sizes, NULL), CONV1D_INVALID_ARGUMENT, "output_sizes is null");
    REFUSES(conv1d_output_sizes(layer, "SCB", none, output_sizes), CONV1D_INVALID_ARGUMENT, "0");
    REFUSES(conv1d_prepare(layer, "SCB", two_channels), CONV1D_INVALID_ARGUMENT, "expected 1 channels");
    REFUSES(conv1d_kernel(NULL, "SCB", sizes, NULL, NULL, NULL), CONV1D_INVALID_ARGUMENT, "layer is null");
    REFUSES(conv1d_workspace_bytes(layer, "SCB", sizes, NULL), CONV1D_INVALID_ARGUMENT, "bytes is null");
    REFUSES(conv1d_workspace_bytes(layer, "SCB", none, &bytes), CONV1D_INVALID_ARGUMENT, "0");
    REFUSES(conv1d_make_workspace(layer, "SCB", sizes, NULL), CONV1D_INVALID_ARGUMENT, "workspace is null");
    REFUSES(conv1d_make_workspace(layer, "SCB", none, &workspace), CONV1D_INVALID_ARGUMENT, "0");
    CHECK(workspace == NULL);
    REFUSES(conv1d_forward(layer, "SCB", sizes, NULL, NULL, output, NULL), CONV1D_INVALID_ARGUMENT, "input is null");
    REFUSES(conv1d_forward(layer, "SCB", sizes, output, NULL, NULL, NULL), CONV1D_INVALID_ARGUMENT, "output is null");
    REFUSES(conv1d_forward(layer, "SCB", sizes, output, NULL, output, NULL), CONV1D_INVALID_ARGUMENT, "overlaps");
    REFUSES(conv1d_forward(layer, "SCB", sizes, output, NULL, (float *)((char *)output + 1), NULL),
            CONV1D_INVALID_ARGUMENT, "align");
    conv1d_free(layer);
    conv1d_free(NULL);
    conv1d_free_workspace(NULL);
}

int main(void) {
    CHECK(strchr(conv1d_version(), '.') != NULL);
    CHECK(*conv1d_last_error() == '\0');
    for (int status = CONV1D_OK; status <= CONV1D_OUT_OF_MEMORY; status++)
        CHECK(*conv1d_status_text((conv1d_status)status) != '\0');
    test_forward();
    test_workspace();
    test_kernel();
    test_backward();
    test_refusals();
    if (faults == 0)
        printf("all is as the header says\n");
    return faults == 0 ? 0 : 1;
}
