#!/usr/bin/env bash
# scripts/run.sh a second time: nothing is installed, generated or built again, and its results are there.
# usage: check_run_again.sh BUILD_FOLDER. Exits 77, which CTest counts as skipped, for a build folder that is not run.sh's.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ "$1" != "$PWD/build" || ! -x build/venv/bin/cmake ]]; then
    echo "skipped: $1 was not set up by scripts/run.sh or scripts/test.sh"
    exit 77
fi
rm -rf build/results
log=build/logs/run-again.log
scripts/run.sh 2>&1 | tee "$log"
if grep -qE 'installing|^\[[0-9]+/[0-9]+\] (Generating|Building|Linking)' "$log"; then
    echo "the second run did something again" >&2
    exit 1
fi
grep -qE '^SNR [0-9.]+ dB' build/results/filterbank.txt
for result in speech.wav schedules.txt; do
    [[ -s build/results/$result ]] || { echo "$result is missing or empty" >&2; exit 1; }
done
