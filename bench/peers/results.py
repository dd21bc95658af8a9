"""The results as they are kept, {"about": ..., "cells": [...], "lengths": [...]}, and what follows from them.

A cell is one layer in one memory order on that many threads: layer, order, threads, padding, kind, flops, bytes, kernel
(ours), load (of others), seconds {contender: least seconds}, refused {contender: why it was not timed}."""
import math


def peer_of(contender):
    return contender.split("/")[0]


def best_of_each(cell):
    """The quickest contender of each peer, with its seconds."""
    best = {}
    for name, seconds in cell["seconds"].items():
        if seconds < best.get(peer_of(name), ("", math.inf))[1]:
            best[peer_of(name)] = (name, seconds)
    return best


def best_peer(cell):
    """The quickest contender that is not ours, with its seconds; None if there is none."""
    others = [best for peer, best in best_of_each(cell).items() if peer != "ours"]
    return min(others, key=lambda best: best[1], default=None)


def ratio(cell):
    """The best peer's time over ours; None without a peer."""
    best = best_peer(cell)
    return best and best[1] / cell["seconds"]["ours"]


def bound_seconds(cell, ceilings):
    """The least time that the machine's ceilings allow."""
    return max(cell["flops"] / (1e9 * ceilings["gflops"]), cell["bytes"] / (1e9 * ceilings["gbs"]))


def is_memory_bound(cell, ceilings):
    return cell["bytes"] / ceilings["gbs"] > cell["flops"] / ceilings["gflops"]


def target(cell, ceilings):
    """What the ratio is to be at least: 1 in `scb`, or 0.95 where the best peer is above 93 % of the FMA peak, and 0.95
    in channels-last; of depthwise layers and of few channels 1.5 and 1.2."""
    if cell["kind"] != "dense":
        return 1.5 if cell["order"] == "scb" else 1.2
    best = best_peer(cell)
    near_the_peak = best and cell["flops"] / best[1] > 0.93e9 * ceilings["gflops"]
    return 0.95 if near_the_peak or cell["order"] != "scb" else 1.0


def is_met(cell, ceilings):
    """The ratio is that, or memory gives 85 % of its bandwidth to a layer that it binds."""
    full = cell["bytes"] / cell["seconds"]["ours"] >= 0.85e9 * ceilings["gbs"]
    return ratio(cell) is None or ratio(cell) >= target(cell, ceilings) or (is_memory_bound(cell, ceilings) and full)


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def groups(cells):
    """{(order, threads): its cells}, in order of appearance."""
    grouped = {}
    for cell in cells:
        grouped.setdefault((cell["order"], cell["threads"]), []).append(cell)
    return grouped
