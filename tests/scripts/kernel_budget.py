#!/usr/bin/env python3
"""Prints what generating the built-in kernels cost, and fails beyond the budget.

usage: kernel_budget.py LIST FOLDER...

LIST has one kernel a line, function|generator|order|target|schedule (CONV1D_KERNELS of schedules/CMakeLists.txt). The
folders have FUNCTION.o and FUNCTION.time (CPU seconds). A target of which no folder has a kernel is named and not
counted: it belongs to another build.
"""
import sys
from dataclasses import dataclass
from pathlib import Path

BUDGET_SECONDS = 15 * 60  # all targets
BUDGET_BYTES = 10_000_000  # each target


@dataclass
class Cost:
    kernels: int = 0
    seconds: float = 0
    bytes: int = 0


def read_costs(kernel_list, folders):
    """Cost by target, and the functions that only a part of their target's kernels lack."""
    costs, missing = {}, []
    for line in kernel_list.read_text().split():
        function, _, _, _, target, _ = line.split("|")
        cost = costs.setdefault(target, Cost())
        objects = [folder / f"{function}.o" for folder in folders if (folder / f"{function}.o").is_file()]
        if not objects:
            missing.append((target, function))
            continue
        cost.kernels += 1
        cost.bytes += objects[0].stat().st_size
        cost.seconds += float(objects[0].with_suffix(".time").read_text())
    return costs, [function for target, function in missing if costs[target].kernels]


def over_budget(costs):
    faults = [
        f"{target}: {cost.bytes} bytes, budget {BUDGET_BYTES}"
        for target, cost in costs.items()
        if cost.bytes > BUDGET_BYTES
    ]
    seconds = sum(cost.seconds for cost in costs.values())
    if seconds > BUDGET_SECONDS:
        faults.append(f"all targets: {seconds:.0f} CPU seconds, budget {BUDGET_SECONDS}")
    return faults


def print_costs(costs):
    print(f"{'target':<16}{'kernels':>8}{'CPU s':>9}{'MB':>8}")
    for target, cost in costs.items():
        if cost.kernels:
            print(f"{target:<16}{cost.kernels:>8}{cost.seconds:>9.1f}{cost.bytes / 1e6:>8.2f}")
        else:
            print(f"{target:<16} not built here, not counted")
    kernels, seconds = sum(c.kernels for c in costs.values()), sum(c.seconds for c in costs.values())
    print(f"{'all':<16}{kernels:>8}{seconds:>9.1f}")
    print(f"{'budget':<16}{'':>8}{BUDGET_SECONDS:>9}{BUDGET_BYTES / 1e6:>8.0f} (MB for each target)")


def main():
    costs, missing = read_costs(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
    print_costs(costs)
    faults = over_budget(costs) + [f"kernel {function} has no object file" for function in missing]
    if not any(cost.kernels for cost in costs.values()):
        faults.append("no kernel was found")
    return "\n".join(faults) or 0


if __name__ == "__main__":
    sys.exit(main())
