#!/usr/bin/env python3
"""The filterbank example for arm-64, run under qemu, must reach this processor's signal-to-noise ratio.

usage: arm_snr.py HOST_PROGRAM ARM_PROGRAM

Both analyse and resynthesise the recorded speech that is their default input. Exits 77, which CTest counts as skipped,
where the arm-64 program or qemu is missing.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

QEMU = "qemu-aarch64-static"
MOST_DECIBELS_APART = 0.1


def snr(command):
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder, "speech.wav"))
        text = subprocess.run(command + ["--output", output], check=True, capture_output=True, text=True).stdout
    print(" ".join(command), text, sep="\n")
    found = re.findall(r"SNR (\S+) dB", text)
    if not found:
        sys.exit(f"{command[-1]} printed no SNR")
    return [float(value) for value in found]


def main():
    host, arm = sys.argv[1:]
    for thing, present in ((arm, Path(arm).is_file()), (QEMU, shutil.which(QEMU))):
        if not present:
            print(f"skipped: {thing} is missing; scripts/test.sh makes or installs it")
            return 77
    here, there = snr([host]), snr([QEMU, arm])
    if len(here) != len(there):
        return f"this processor's program printed {len(here)} ratios, arm-64's {len(there)}"
    for a, b in zip(here, there):
        print(f"this processor {a} dB, arm-64 {b} dB, {abs(a - b):.3f} dB apart")
        if not abs(a - b) <= MOST_DECIBELS_APART:
            return f"expected at most {MOST_DECIBELS_APART} dB apart"
    return 0


if __name__ == "__main__":
    sys.exit(main())
