#!/usr/bin/env bash
# Builds and runs every test, for this processor and, under qemu, for arm-64. Installs what is missing. The last lines
# are CTest's summary.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$root"
step_count=5

test_packages=(
    alsa-utils clang-format shellcheck sox
    qemu-user-static g++-aarch64-linux-gnu libsndfile1-dev:arm64 libgtest-dev:arm64 # arm-64
    pocl-opencl-icd ocl-icd-libopencl1                                              # OpenCL on the CPU
)

need_build_tools "${test_packages[@]}"
need_ptxas
step "Build for this processor"
build default
step "Build for arm-64"
build arm-64
step "Test"
ctest --preset default --parallel "$(nproc)"
