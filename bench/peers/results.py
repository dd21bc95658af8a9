"""The results as they are kept, {"about": ..., "cells": [...], "lengths": [...]}, and what follows from them.

A cell is one layer in one memory order on that many threads: layer, order, threads, padding, flops, bytes, kernel
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


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def groups(cells):
    """{(order, threads): its cells}, in order of appearance."""
    grouped = {}
    for cell in cells:
        grouped.setdefault((cell["order"], cell["threads"]), []).append(cell)
    return grouped
