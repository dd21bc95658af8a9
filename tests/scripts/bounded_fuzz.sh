#!/usr/bin/env bash
# bounded_fuzz.sh PROGRAM CORPUS RUNS [OPTION...]: that many inputs, the same each time, made from a copy of the corpus. An
# input that fails is left in the folder where this was called. The options are libFuzzer's.
set -euo pipefail
program=$1
corpus=$2
runs=$3

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -r "$TMPDIR"' EXIT
cp -r "$corpus" "$TMPDIR/corpus"
"$program" -runs="$runs" -seed=1 -timeout=60 -print_final_stats=1 -artifact_prefix="$PWD/" \
    "${@:4}" "$TMPDIR/corpus"
