#!/usr/bin/env bash
# Builds and runs every test, for this processor, for arm-64 under qemu, and with sanitizers. Installs what is missing.
# The last lines are CTest's summary.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$root"
step_count=6

test_packages=(
    alsa-utils clang-format cmake dpkg-dev file gnuplot-nox libdnnl-dev libpthreadpool-dev libxnnpack-dev shellcheck sox
    qemu-user-static g++-aarch64-linux-gnu libsndfile1-dev:arm64 libgtest-dev:arm64 # arm-64
    pocl-opencl-icd ocl-icd-libopencl1                                              # OpenCL on the CPU
    clang libclang-rt-14-dev                                                        # sanitizers and libFuzzer
)
# Other people's programs, and the tests that compare with them.
foreign_tests=(foreign.numpy_padding foreign.onnxruntime foreign.scipy foreign.onnx_node_tests foreign.safetensors)
foreign_wheels=(
    numpy==2.4.6 scipy==1.17.1 onnxruntime==1.32.0 safetensors==0.8.0
    onnx==1.23.2 protobuf==7.36.2 ml_dtypes==0.6.0 typing_extensions==4.16.0 # onnx and what it imports
)

print_versions() {
    local tool version
    for tool in g++ clang++ aarch64-linux-gnu-g++ cmake ninja clang-format qemu-aarch64-static ptxas; do
        version=$("$tool" --version)
        printf '      %-22s %s\n' "$tool" "$(grep -m1 '[0-9]\.[0-9]' <<<"$version")"
    done
}

# test_output NAME: what that test printed in the last run.
test_output() {
    awk -v "name=Testing: $1" '
        index($0, name) && substr($0, length($0) - length(name) + 1) == name { found = 1 }
        found && /^<end of output>/ { exit }
        printing && !/^-+$/ { print }
        found && /^Output:/ { printing = 1 }' build/Testing/Temporary/LastTest.log
}

# CTest's progress, then why tests were skipped, then CTest's summary.
run_tests() {
    local status=0 summary='/^[0-9]*% tests passed/' log=$logs/ctest.log reasons table
    mkdir -p "$logs"
    ctest --preset default --parallel "$(nproc)" | tee "$log" | sed -u "$summary,\$d" || status=$?
    for table in project.semantics_table project.kernel_budget Activations.StayWithinTheirBounds \
        Gradients.AreAdjointInFloat64 Gradients.AreAdjointInFloat32 AutomaticDifferentiation.AgreesInFloat64 \
        AutomaticDifferentiation.AgreesInFloat32 identify upsample vocoder "${foreign_tests[@]}"; do
        printf '\n%s:\n' "$table"
        test_output "$table"
    done
    reasons=$(awk '/^skipped: / { print } /: Skipped$/ { getline; print }' build/Testing/Temporary/LastTest.log)
    if [[ $reasons ]]; then printf 'Skipped tests, by reason:\n%s\n' "$(sort <<<"$reasons" | uniq -c)"; fi
    sed -n "$summary,\$p" "$log"
    return "$status"
}

need_build_tools "${test_packages[@]}"
need_ptxas
need_wheels "${foreign_wheels[@]}"
print_versions
step "Build for this processor"
configure default
build default
step "Build for arm-64"
configure arm-64
build arm-64
step "Build with sanitizers"
configure sanitize
build sanitize
step "Test"
run_tests
