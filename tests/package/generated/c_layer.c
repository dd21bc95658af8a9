#include "conv1d/conv1d.h"

/* Not static, and no visibility said: what such a library exports. */
int is_specialised(void) {
    conv1d_layer *layer = 0;
    const int64_t sizes[] = {100, 8, 1};
    int specialised = -1;
    if (conv1d_create("conv FilterSize=3 NumFilters=16 NumChannels=8 Padding=1 Activation=relu", &layer) == CONV1D_OK)
        conv1d_kernel(layer, "SCB", sizes, 0, 0, &specialised);
    conv1d_free(layer);
    return specialised;
}
