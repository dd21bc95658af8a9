#!/usr/bin/env bash
# emulated.sh CPU TARGET PROGRAM FILTER
# Runs a GoogleTest program on an emulated processor that has the instruction sets of TARGET and no more. Fails unless
# TARGET was the one chosen there and kernels ran. Exits 77, which CTest counts as skipped, without the emulator.
set -euo pipefail
cpu=$1 target=$2 program=$3 filter=$4
emulator=qemu-x86_64-static

if ! command -v "$emulator" >/dev/null; then
    echo "skipped: $emulator is not installed"
    exit 77
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# want PATTERN WHAT
want() {
    grep -qE "$1" "$log" && return
    echo "failed: on $cpu $2" >&2
    exit 1
}

CONV1D_EXPECT_TARGET=$target "$emulator" -cpu "$cpu" "$program" --gtest_filter="Targets.BestIsExpected:$filter" \
    --gtest_color=no | tee "$log"
want '^\[  PASSED  \] [1-9][0-9]* tests?\.' "no test passed"
want '^\[       OK \] Targets\.BestIsExpected ' "the choice of $target was not tested"
want "^\\[       OK \\] .*${target//-/_}( |\$)" "no kernel of $target ran"
