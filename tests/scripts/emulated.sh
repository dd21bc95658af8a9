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

# passed PATTERN WHAT: how many tests whose names match passed; at least one has to.
passed() {
    local count
    count=$(grep -cE "^\\[       OK \\] $1" "$log") || true
    echo "$cpu: $count of $2 passed"
    ((count > 0))
}

CONV1D_EXPECT_TARGET=$target "$emulator" -cpu "$cpu" "$program" --gtest_color=no \
    --gtest_filter="Targets.BestIsExpected:$filter" >"$log" 2>&1 || {
    cat "$log"
    exit 1
}
grep -E '^\[  PASSED  \] [1-9][0-9]* tests?\.' "$log"
passed "Targets\\.BestIsExpected " "the choice of $target"
passed ".*/${target//-/_}_(portable|x86)_" "the kernels of $target"
