#!/usr/bin/env python3
"""The command line of scripts/peers.sh. As a program: checks it, and prints the names of the peers."""
import argparse
import os
import re
import sys

PYTHON_PEERS = ["onnxruntime", "openvino", "pytorch"]
WORKER_PEERS = ["onednn", "xnnpack"]
LAYERS_OF_LENGTHS = "whisper_conv1|matlab_tconv$|quartznet_dw$|kws_small"


DESCRIPTION = """Ours and its peers in one run: every layer, in both memory orders, on one thread and on two.
Writes PREFIX.json, PREFIX.md and PREFIX.png. Paths are relative to the repository."""


class UsageError(Exception):
    pass


def list_of(name, text, allowed):
    """The parts of a comma-separated option."""
    values = text.split(",")
    for value in values:
        if value not in allowed:
            raise UsageError(f"--{name} is '{text}'; expected some of {','.join(allowed)}, separated by commas")
    return list(dict.fromkeys(values))


def positive(name, text):
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise UsageError(f"--{name} is '{text}'; expected a positive integer")
    return int(text)


def pattern(name, text):
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"--{name} is '{text}'; expected a regular expression: {error}") from None


def arguments(argv):
    parser = argparse.ArgumentParser(prog="peers.sh", description=DESCRIPTION)
    parser.add_argument("--layers", default="", metavar="REGEX", help="layers whose names match; default: all")
    parser.add_argument("--shapes", default="", metavar="FILE", help="CSV file of layers; default: bench/shapes.csv")
    parser.add_argument("--orders", default="scb,cbt", help="memory orders; cbt is channels-last")
    parser.add_argument("--threads", default="1,2" if os.cpu_count() > 1 else "1",
                        help="numbers of threads, up to that of processors")
    parser.add_argument("--rounds", default="10", metavar="N", help="turns that each contender takes")
    parser.add_argument("--peers", default=",".join(WORKER_PEERS + PYTHON_PEERS), help="those to compare with")
    parser.add_argument("--lengths", default=LAYERS_OF_LENGTHS, metavar="REGEX",
                        help="layers whose first calls and new lengths are measured; none: '^$'")
    parser.add_argument("--output", default="bench/results/peers", metavar="PREFIX", help="of the files to write")
    options = parser.parse_args(argv)
    options.layers = pattern("layers", options.layers)
    options.lengths = pattern("lengths", options.lengths)
    options.orders = list_of("orders", options.orders, ["scb", "cbt"])
    counts = [str(count + 1) for count in range(os.cpu_count())]
    options.threads = [int(count) for count in list_of("threads", options.threads, counts)]
    options.rounds = positive("rounds", options.rounds)
    options.peers = list_of("peers", options.peers, WORKER_PEERS + PYTHON_PEERS)
    folder = os.path.dirname(options.output) or "."
    if not os.path.isdir(folder):
        raise UsageError(f"--output is '{options.output}'; expected a prefix in a folder that exists")
    return options


def main():
    try:
        print("\n".join(arguments(sys.argv[1:]).peers))
    except UsageError as error:
        print(f"peers.sh: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
