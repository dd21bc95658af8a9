#!/usr/bin/env python3
"""Writes the table and the picture of results: render.py PREFIX reads PREFIX.json, writes PREFIX.md and PREFIX.png."""
import json
import os
import sys

import plot
import tables


def render(results, prefix):
    with open(prefix + ".md", "w") as file:
        file.write(tables.markdown(results, os.path.basename(prefix) + ".png"))
    plot.draw(results["cells"], prefix + ".png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"render.py: the arguments are {sys.argv[1:]}; expected the prefix of the files")
    with open(sys.argv[1] + ".json") as results_file:
        render(json.load(results_file), sys.argv[1])
