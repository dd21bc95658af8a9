#!/usr/bin/env python3
"""Compares the layers with other people's programs, through the tool. Prints a line of what ran and how far it was.

usage: foreign_test.py COMPARISON --tool PROGRAM [--count N] [--seed N]

Exits with 77 where a package is missing, except in continuous integration, where that is a failure.
"""
import argparse
import importlib
import os
import sys

PACKAGES = {
    "numpy_padding": ["numpy"],
    "scipy": ["numpy", "scipy"],
    "onnxruntime": ["numpy", "scipy", "onnx", "onnxruntime"],
    "onnx_node_tests": ["numpy", "scipy", "onnx"],
    "safetensors": ["numpy", "safetensors"],
}
LEAST_NUMPY = (1, 25)  # pad's mode wrap was wrong before


def why_unusable(package):
    """Nothing if it can be used."""
    try:
        module = importlib.import_module(package)
    except ImportError as error:
        return f"{package} is not installed: {error}"
    if package == "numpy" and tuple(map(int, module.__version__.split(".")[:2])) < LEAST_NUMPY:
        return f"NumPy {module.__version__} is installed; expected {'.'.join(map(str, LEAST_NUMPY))} or later"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comparison", choices=PACKAGES)
    parser.add_argument("--tool", required=True, metavar="PROGRAM")
    parser.add_argument("--count", type=int, default=400, help="configurations to draw")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    reasons = [reason for reason in map(why_unusable, PACKAGES[arguments.comparison]) if reason]
    if reasons:
        in_ci = os.environ.get("CI") == "true"
        print(f"{'failed' if in_ci else 'skipped'}: {reasons[0]}")
        return 1 if in_ci else 77
    return importlib.import_module(f"compare_{arguments.comparison}").run(arguments)


if __name__ == "__main__":
    sys.exit(main())
