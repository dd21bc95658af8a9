#!/usr/bin/env bash
# The main job, from nothing: installs what is missing, builds the library with its kernels, runs the example on
# recorded speech and a short comparison of the schedules. Results go to build/results/.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$root"
results=build/results
step_count=6

need_build_tools alsa-utils # the recorded speech
step "Build the generators"
configure default
build default --target conv1d_generate
step "Generate the kernels; build the library, the example and the benchmark"
build default --target filterbank conv1d_bench
mkdir -p "$results"
step "Analyse and resynthesise recorded speech: examples/filterbank"
build/bin/filterbank --output "$results/speech.wav" | tee "$results/filterbank.txt"
step "Compare the schedules on five layers: bench"
build/bin/conv1d_bench --short --benchmark_out="$results/schedules.json" | tee "$results/schedules.txt"
end_step

cat <<END

Results, in $root/$results:
  filterbank.txt   signal-to-noise ratio, real-time factor, the kernels that ran
  speech.wav       the resynthesised speech
  schedules.txt    speed of each schedule, and its part of this machine's peak
  schedules.json   the same, every repetition
END
