#!/usr/bin/env python3
"""Compares ours with its peers: WORKER OPTION..., the program conv1d_peers_worker and the options of options.py. Run by
scripts/peers.sh, which installs the peers."""
import datetime
import importlib
import json
import os
import shlex
import subprocess
import sys
import tempfile

import new_lengths
import tables
from contender import Contender, least_seconds
from options import PYTHON_PEERS, UsageError, arguments
from other_load import OtherLoad
from render import render
from worker import Arrays, Problem, Worker, WorkerError

LENGTHS = 200
TURN_SECONDS = 0.005
TINY = "conv_c1_l16_f1_k1"  # a layer whose time is the overhead of a call


def python_peers(names):
    """Those that can be imported; says why others cannot."""
    peers = []
    for name in names:
        try:
            peers.append(importlib.import_module(f"peer_{name}"))
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    return peers


class Comparison:
    def __init__(self, program, options):
        self.options = options
        self.peers = python_peers([name for name in options.peers if name in PYTHON_PEERS])
        self.worker = Worker(program)
        self.load = OtherLoad([self.worker.process.pid])
        self.folder = tempfile.TemporaryDirectory()
        self.ceilings = {}

    def layers(self, wanted):
        found = [layer for layer in self.worker.ask("layers", shapes=self.options.shapes)["layers"]
                 if wanted.search(layer["name"])]
        return [(layer["name"], layer["problem"]) for layer in found]

    def prepare(self, problem, threads):
        """The contenders that compute the problem as ours does, why others do not, our kernel, and the arrays."""
        answer = self.worker.ask("prepare", problem=problem.problem, threads=threads, folder=self.folder.name)
        arrays = Arrays(self.folder.name, problem)
        contenders, refused = [], {}
        for entry in answer["contenders"]:
            name = entry["name"]
            if entry["wrong"]:
                refused[name] = entry["wrong"]
            elif name == "ours" or name.split("/")[0] in self.options.peers:
                contenders.append(Contender(name, lambda seconds, name=name: self.worker.ask(
                    "time", contender=name, seconds=seconds)["seconds"]))
        for name, make in [way for peer in self.peers for way in peer.ways(problem, arrays, threads).items()]:
            try:
                way = make()
                way.call()
                wrong = arrays.difference(way.output())
            except Exception as error:  # each peer has its own for a layer that it does not compute
                wrong = first_line(error)
            if wrong:
                refused[name] = wrong
            else:
                contenders.append(way.contender(name))
        return contenders, refused, answer["contenders"][0]["detail"], arrays

    def cell(self, layer, text, order, threads):
        problem = Problem(**self.worker.ask("describe", problem=text, order=order))
        contenders, refused, kernel, _ = self.prepare(problem, threads)
        self.load.sample()
        self.sample_ceilings(threads)
        seconds = least_seconds(contenders, self.options.rounds, TURN_SECONDS)
        return {"layer": layer, "order": order, "threads": threads, "padding": problem.padding,
                "kind": problem.kind,
                "flops": problem.flops, "bytes": problem.bytes, "kernel": kernel, "load": self.load.sample(),
                "seconds": seconds, "refused": refused}

    def sample_ceilings(self, threads):
        self.ceilings[str(threads)] = self.worker.ask("ceilings", threads=threads)

    def length_rows(self, layer, text):
        problem = Problem(**self.worker.ask("describe", problem=text, order="scb"))
        lengths = new_lengths.lengths_around(problem.length, LENGTHS)
        answer = self.worker.ask("lengths", problem=problem.problem, threads=1, lengths=lengths)
        rows = [{"who": who} | times for who, times in answer.items()
                if who == "ours" or who.split("/")[0] in self.options.peers]
        rows.sort(key=lambda row: row["who"] != "ours")
        self.worker.ask("prepare", problem=problem.problem, threads=1, folder=self.folder.name)
        arrays = Arrays(self.folder.name, problem)
        for peer in self.peers:
            try:
                rows += new_lengths.of_peer(peer, problem, arrays, lengths, threads=1)
            except Exception as error:
                print(f"{peer.NAME} does not take new lengths of {layer}: {first_line(error)}", file=sys.stderr)
        return [{"layer": layer} | row for row in rows]

    def overhead(self):
        """Microseconds of the smallest call, by peer."""
        problem = Problem(**self.worker.ask("describe", problem=TINY, order="scb"))
        seconds = least_seconds(self.prepare(problem, 1)[0], 3, TURN_SECONDS)
        best = {}
        for name, time in seconds.items():
            best[name.split("/")[0]] = min(time, best.get(name.split("/")[0], time))
        return ", ".join(f"{peer} {1e6 * time:.1f} us" for peer, time in best.items())

    def about(self, argv):
        about = self.worker.ask("about")
        versions = [about["onednn"], "XNNPACK of Debian" if about["xnnpack"] else ""]
        commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True)
        return {"date": datetime.date.today().isoformat(), "processor": about["processor"],
                "processors": os.cpu_count(), "target": about["target"],
                "versions": [v for v in versions if v] + [peer.version() for peer in self.peers],
                "commit": commit.stdout.strip() or "unknown", "command": shlex.join(["scripts/peers.sh", *argv]),
                "rounds": self.options.rounds, "turn_seconds": TURN_SECONDS, "lengths": LENGTHS,
                "overhead": self.overhead()}


def save(results, comparison, prefix):
    """So far: the cells that there are, and what is known of the machine."""
    loads = [cell["load"] for cell in results["cells"]]
    results["about"] |= {"ceilings": comparison.ceilings, "load_mean": sum(loads) / len(loads), "load_most": max(loads)}
    with open(prefix + ".json", "w") as file:
        json.dump(results, file, indent=1)


def compare(program, argv):
    options = arguments(argv)
    comparison = Comparison(program, options)
    layers = comparison.layers(options.layers)
    if not layers:
        raise UsageError(f"--layers is '{options.layers.pattern}'; expected a match for the name of a layer")
    results = {"about": comparison.about(argv), "cells": [], "lengths": []}
    for layer, text in comparison.layers(options.lengths):
        print(f"new lengths of {layer}", file=sys.stderr)
        results["lengths"] += comparison.length_rows(layer, text)
    settings = [(order, threads) for order in options.orders for threads in options.threads]
    for done, (layer, text) in enumerate(layers):
        for order, threads in settings:
            cell = comparison.cell(layer, text, order, threads)
            results["cells"].append(cell)
            print(progress(done + 1, len(layers), cell), file=sys.stderr)
        save(results, comparison, options.output)
    comparison.worker.close()
    render(results, options.output)


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def progress(done, count, cell):
    best = tables.best_peer(cell)
    other = f"{best[0]} {1e3 * best[1]:.4g} ms, ratio {tables.ratio(cell):.2f}" if best else "no peer"
    return (f"[{done}/{count}] {cell['layer']} {cell['order']} {cell['threads']}: "
            f"ours {1e3 * cell['seconds']['ours']:.4g} ms, {other}")


def main(argv):
    try:
        compare(argv[0], argv[1:])
    except (UsageError, WorkerError) as error:
        print(f"peers.sh: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
