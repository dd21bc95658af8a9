"""The results as Markdown."""
from results import (best_of_each, best_peer, geometric_mean, groups, is_memory_bound, is_met, peer_of, ratio, target)

ORDERS = {"scb": "`SCB` (ncw)", "cbt": "channels-last (`CSB`, nwc)"}


def table(header, rows):
    """Text left, numbers right."""
    def line(cells):
        return "| " + " | ".join(cells) + " |"
    numeric = [all(row[i][:1].isdigit() or row[i] in ("", "-") for row in rows) for i in range(len(header))]
    return "\n".join([line(header), line(["---:" if n else "---" for n in numeric]), *map(line, rows)]) + "\n"


def number(value, digits):
    return "-" if value is None else f"{value:.{digits}f}"


def milliseconds(seconds):
    return f"{1e3 * seconds:.0f}" if seconds >= 1 else f"{1e3 * seconds:.4g}"


def times(value):
    """A ratio."""
    return "-" if value is None else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def peers_in(cells):
    found = dict.fromkeys(peer_of(name) for cell in cells for name in cell["seconds"])
    return [peer for peer in found if peer != "ours"]


def group_table(cells, ceilings):
    """A row a layer: ours, its part of the ceilings, the best peer, and each peer's time over ours."""
    peers = peers_in(cells)
    rows = []
    for cell in cells:
        ours = cell["seconds"]["ours"]
        each, best = best_of_each(cell), best_peer(cell)
        bandwidth = 100 * cell["bytes"] / ours / (1e9 * ceilings["gbs"])
        rows.append([
            cell["layer"] + ("" if cell["padding"] == "zeros" else " (0)"), cell["kernel"], milliseconds(ours),
            number(100 * cell["flops"] / ours / (1e9 * ceilings["gflops"]), 0),
            number(bandwidth, 0) + (" m" if is_memory_bound(cell, ceilings) else ""),
            best[0] if best else "-", milliseconds(best[1]) if best else "-", times(ratio(cell)),
            number(target(cell, ceilings), 2) + ("" if is_met(cell, ceilings) else " missed"),
            *(times(each[peer][1] / ours if peer in each else None) for peer in peers)])
    return table(["layer", "our kernel", "ours ms", "% FMA", "% band", "best peer", "its ms", "best/ours", "target",
                  *peers],
                 rows)


def group_summary(cells):
    ratios = [r for r in map(ratio, cells) if r is not None]
    if not ratios:
        return "No peer.\n"
    losses = sorted((ratio(cell), cell["layer"]) for cell in cells if (ratio(cell) or 1) < 1)
    each = {}
    for peer in peers_in(cells):
        each[peer] = geometric_mean(best_of_each(cell)[peer][1] / cell["seconds"]["ours"]
                                    for cell in cells if peer in best_of_each(cell))
    text = (f"Best peer's time over ours, geometric mean of {len(ratios)}: **{geometric_mean(ratios):.2f}**; "
            f"ahead or level on {len(ratios) - len(losses)}, behind on {len(losses)}"
            + (": " + ", ".join(f"{layer} {times(r)}" for r, layer in losses) if losses else "")
            + ". Each peer alone: " + ", ".join(f"{peer} {mean:.2f}" for peer, mean in each.items()) + ".\n")
    return text


def refusals(cells):
    lines = [f"- {cell['layer']}, {cell['order']}, {cell['threads']} thread(s), {name}: {why}"
             for cell in cells for name, why in cell["refused"].items()]
    return "Not timed, as it failed or its output differs from ours:\n\n" + "\n".join(lines) + "\n" if lines else ""


def lengths_table(rows, lengths):
    """First calls and new lengths, in milliseconds."""
    return table(["layer", "who", "create", "first call", f"{lengths} new lengths", "the same again", "new/again",
                  "allocations"],
                 [[row["layer"], row["who"], milliseconds(row["create"]), milliseconds(row["first"]),
                   milliseconds(row["fresh"]), milliseconds(row["again"]), number(row["fresh"] / row["again"], 2),
                   "-" if row["allocations"] < 0 else str(row["allocations"])] for row in rows])


def summary(results):
    """A row for each order and number of threads."""
    rows = []
    for (order, threads), cells in groups(results["cells"]).items():
        ratios = [r for r in map(ratio, cells) if r is not None]
        met = sum(is_met(cell, results["about"]["ceilings"][str(threads)]) for cell in cells)
        rows.append([ORDERS[order], str(threads), str(len(ratios)), times(geometric_mean(ratios)),
                     str(sum(r >= 1 for r in ratios)), str(sum(0.95 <= r < 1 for r in ratios)),
                     str(sum(r < 0.95 for r in ratios)), times(min(ratios, default=None)), str(met)])
    return table(["order", "threads", "layers", "mean ratio", "at least 1", "0.95 to 1", "below", "least", "targets met"],
                 rows)


def notes(about):
    ceilings = ", ".join(f"{threads} thread(s): FMA peak {c['gflops']:.1f} GFLOP/s, bandwidth {c['gbs']:.1f} GB/s"
                         for threads, c in about["ceilings"].items())
    return (f"{about['date']}, {about['processor']}, {about['processors']} processors, {about['target']}; "
            f"{', '.join(about['versions'])}; commit {about['commit']}.\n"
            f"{ceilings}, best samples of this run. Other load: mean {about['load_mean']:.2f} processors, "
            f"most {about['load_most']:.2f}. Command: `{about['command']}`.\n")


EXPLANATION = """\
Least time of one call over {rounds} interleaved rounds, turns of {turn:g} ms; who is far behind (half as long again as
the same peer's best way, four times ours) takes 3 turns. Weights are packed and memory is bound beforehand; the same
buffers in every call, warm. Every output was held against ours before, all elements, within the rounding error's
bound, and ours against the definition. Ratios are times over ours: above 1, ours is faster. Each peer stands with its
best way: oneDNN (1-D or 2-D of height 1, plain layouts, or its own with reorders inside the call), ONNX Runtime and
OpenVINO (rank 3 or 4; in channels-last with the transposes in the model), PyTorch (eager, 1-D or 2-D, or to_mkldnn),
XNNPACK (channels-last only). Peers called from Python carry some microseconds of call overhead: {overhead}.
(0): the layer's padding is not zeros; all were timed with zeros, which every peer knows. m: bound by memory, with the
bandwidth below the FMA peak; above 100 % the data stayed in a cache. The target is the least ratio that we want: 1 in
`SCB`, 0.95 in channels-last and where the best peer is above 93 % of the FMA peak; of depthwise layers and of up to 8
channels 1.5 in `SCB`, 1.2 in channels-last; or 85 % of the bandwidth where that binds.
"""


def markdown(results, picture):
    about = results["about"]
    parts = ["# Peers in one run\n", notes(about), summary(results), f"![ratio per layer]({picture})\n"]
    for (order, threads), cells in groups(results["cells"]).items():
        parts += [f"## {ORDERS[order]}, {threads} thread{'s' if threads > 1 else ''}\n", group_summary(cells),
                  group_table(cells, about["ceilings"][str(threads)])]
    if results["lengths"]:
        parts += ["## First calls and new lengths\n",
                  "One thread, `SCB`, milliseconds. Then a sequence of lengths, each new once, in all; the same again. "
                  "Ours compiles nothing and builds no tables: allocations are those during the new lengths.\n",
                  lengths_table(results["lengths"], about["lengths"])]
    parts += [EXPLANATION.format(rounds=about["rounds"], turn=1e3 * about["turn_seconds"],
                                 overhead=about["overhead"]), refusals(results["cells"])]
    return "\n".join(part for part in parts if part)
