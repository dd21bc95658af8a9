#!/usr/bin/env bash
# bounded_run.sh PROGRAM CORPUS RUNS: that many inputs, the same each time, made from a copy of the corpus. An input that
# fails is left in the folder where this was called.
set -euo pipefail
program=$1
corpus=$2
runs=$3

copy=$(mktemp -d)
trap 'rm -r "$copy"' EXIT
cp "$corpus"/* "$copy"
"$program" -runs="$runs" -seed=1 -timeout=60 -print_final_stats=1 "$copy"
