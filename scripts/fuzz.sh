#!/usr/bin/env bash
# fuzz.sh MINUTES: runs the fuzzers of tests/fuzz that long in all, after building them with sanitizers. What they find
# worth keeping stays in build/fuzz/<target>, and is where the next run goes on from. An input that fails is left in
# build/fuzz, named after its target.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$root"
step_count=5
targets=(tests/fuzz/corpus/*)
targets=("${targets[@]##*/}")

[[ $# == 1 && $1 =~ ^[1-9][0-9]{0,5}$ ]] || stop "the arguments are '$*'; expected a number of minutes"
seconds=$(($1 * 60 / ${#targets[@]}))

need_build_tools clang libclang-rt-14-dev
step "Build the generators"
configure default
build default --target conv1d_generate
step "Build the fuzzers"
configure sanitize
build sanitize --target "${targets[@]/%/_fuzz}"
step "Fuzz: ${targets[*]}, $seconds seconds each"
failed=0
for target in "${targets[@]}"; do
    mkdir -p "build/fuzz/$target"
    log=$logs/fuzz-$target.log
    if build/sanitize/bin/"${target}_fuzz" -max_total_time="$seconds" -timeout=60 -print_final_stats=1 \
        -artifact_prefix="$root/build/fuzz/$target-" \
        "$root/build/fuzz/$target" "$root/tests/fuzz/corpus/$target" >"$log" 2>&1 </dev/null; then
        printf '      %-8s %s\n' "$target" "$(awk '/number_of_executed_units/ { print $2 " inputs, nothing found" }' "$log")"
    else
        failed=1
        printf '      %-8s failed; see %s\n' "$target" "$log"
    fi
done
end_step
exit "$failed"
