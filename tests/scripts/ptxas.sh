#!/usr/bin/env bash
# ptxas.sh FOLDER
# Assembles the PTX of every CUDA kernel in FOLDER for capability 8.0. Prints registers; fails if one spills, or if there
# is none. Exits 77, which CTest counts as skipped, without ptxas.
set -euo pipefail
folder=$1

if ! command -v ptxas >/dev/null; then
    echo "skipped: ptxas is not installed"
    exit 77
fi
shopt -s nullglob
kernels=("$folder"/*cuda.device_code)
if ((${#kernels[@]} == 0)); then
    echo "failed: $folder has no *cuda.device_code; expected one for each CUDA kernel" >&2
    exit 1
fi

# report KERNEL: reads what `ptxas -v` said of it.
report() {
    awk -v kernel="$1" '
        / bytes spill stores, / { entries++; spilled += $5 + $9 }
        match($0, /Used [0-9]+ registers/) {
            printf "%-50s %3d registers\n", kernel, substr($0, RSTART + 5)
            counted++
        }
        END {
            if (!entries || counted != entries) {
                print "failed: " kernel ": ptxas told of " entries + 0 " functions and of the registers of " counted + 0
                exit 1
            }
            if (spilled) {
                print "failed: " kernel " spills " spilled " bytes; expected none"
                exit 1
            }
        }'
}

status=0
for file in "${kernels[@]}"; do
    said=$(ptxas -arch=sm_80 -v -o /dev/null "$file" 2>&1) || {
        printf '%s\nfailed: %s does not assemble\n' "$said" "$file"
        status=1
        continue
    }
    report "$(basename "$file" .device_code)" <<<"$said" || status=1
done
echo "${#kernels[@]} CUDA kernels"
exit $status
