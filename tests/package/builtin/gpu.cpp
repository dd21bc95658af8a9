#include "conv1d/gpu_kernels.h"

int main() {
    return conv1d::cuda_kernels().count > 0 && conv1d::opencl_kernels().count > 0 ? 0 : 1;
}
