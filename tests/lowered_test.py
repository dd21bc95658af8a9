#!/usr/bin/env python3
"""Looks into the lowered code. Of the transposed convolution: the taps of a phase bound its loop, and nothing in that loop
is chosen or skipped, so no sample is multiplied by a zero that the stride put in. Of schedules with Fetch: a register tile
asks for its lines, where its vectors lie in lines, and only if that is worth while; with FetchInput, for its part of the
next copy's input.

usage: lowered_test.py GENERATOR SCHEDULE... TARGET
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path


# Schedule, target, operation, memory order and the lines of a register tile; those of avx512_quad_filters are 6 positions by 64 filters.
FETCHES = [("x86/avx512_quad_filters", "x86-64-avx512", "conv1d", "cbt", 24),
           ("x86/avx512_quad_filters", "x86-64-avx512", "conv1d", "strided", 0),
           ("x86/avx512_filters", "x86-64-avx512", "conv1d", "scb", 0),
           ("x86/avx512_triple_rows", "x86-64-avx512", "conv1d", "scb", 24),
           ("x86/avx512_pair_phases", "x86-64-avx512", "conv_transpose1d", "cbt", 16),
           ("x86/avx2_wide_filters", "x86-64-avx2", "conv1d", "cbt", 8)]

# Schedule, target, operation, memory order and the positions of a register tile, 0 if it asks for no input.
INPUT_FETCHES = [("x86/avx512_triple_positions", "x86-64-avx512", "conv1d", "scb", 48),
                 ("x86/avx512_triple_positions", "x86-64-avx512", "conv1d", "cbt", 0),
                 ("x86/avx512_wide_rows", "x86-64-avx512", "conv1d", "scb", 64),
                 ("x86/avx512_quad_phases", "x86-64-avx512", "conv_transpose1d", "scb", 6),
                 ("x86/avx2_phase_positions", "x86-64-avx2", "conv_transpose1d", "scb", 24),
                 ("x86/avx2_rows", "x86-64-avx2", "conv1d", "scb", 0)]

# For which the arguments of such a call are worked out: tile 3 of copy 2, each copy of 7 tiles.
VALUES = {"output.s1.position.place.place": 3, "output.s1.position.place.copy": 2, "output.s1.places$z": 3, "output.s1.places$4": 2,
          "output.s1.places$w": 1, "output.s1.filter.block": 4, "output.s1.group": 8, "output.s1.batch": 9, "copied_tiles": 7,
          "stride": 5, "dilation": 11, "left": 13, "weights.extent.1": 17, "weights.extent.3": 19, "output.extent.0": 10000}


def lowered(generator, schedule, target, order, operation="conv_transpose1d"):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([generator, "-g", operation, "-f", "lowered", "-n", "lowered", "-o", folder, "-e", "stmt",
                        f"target={target}", f"schedule={schedule}", f"order={order}"], check=True)
        return Path(folder, "lowered.stmt").read_text().splitlines()


def expanded(expression, lets):
    """The expression and those of the names in it, through all levels."""
    seen, todo = "", [expression]
    done = set()
    while todo:
        text = todo.pop()
        seen += " " + text
        for name in re.findall(r"[\w.$]+", text):
            if name in lets and name not in done:
                done.add(name)
                todo.append(lets[name])
    return seen


def body(lines, start):
    """The lines of the loop that begins there, by indentation."""
    depth = len(lines[start]) - len(lines[start].lstrip())
    for line in lines[start + 1:]:
        if len(line) - len(line.lstrip()) <= depth:
            return
        yield line


def faults(lines):
    """(number of tap loops, what is wrong with them)"""
    lets = dict(re.findall(r"let ([\w.$]+) = (.*)", "\n".join(lines)))
    loops, wrong = 0, []
    for number, line in enumerate(lines):
        loop = re.search(r"for \(([\w.]+taps\$x), 0, (.+)\) \{", line)
        if not loop:
            continue
        loops += 1
        bound = expanded(loop.group(2), lets)
        if not ("tap_step" in bound and "weights.extent.1" in bound and "places$w" in bound):
            wrong.append(f"line {number + 1}: the loop runs to {loop.group(2)}; expected the taps of its phase")
        wrong += [f"line {number + 1}: the loop contains '{inner.strip()[:80]}'; expected sums only"
                  for inner in body(lines, number) if re.search(r"\bif \(|select\(|if_then_else", inner)]
    return loops, wrong


def fetch_faults(lines, operation, order, expected):
    """(number of register tiles that fetch, what is wrong with them)"""
    lets = dict(re.findall(r"let ([\w.$]+) = (.*)", "\n".join(lines)))
    needed = {f"residual.stride.{i}" for i in (0, 1, 2, 3)} - {"cbt": {"residual.stride.1"}, "scb": {"residual.stride.0"}}.get(order, set())
    conditions = {"output.extent.0", "output.extent.3", "weights.extent.1", "1048576", "16777216"}
    conditions |= {"tap_step"} if operation == "conv_transpose1d" else {"output.stride.0"} if order == "cbt" else set()
    tiles, wrong = [], []
    for number, line in enumerate(lines):
        fetched = re.search(r"prefetch\((\w+), (.*), 1, \d+\)", line)
        if not fetched:
            continue
        if "prefetch(" not in lines[number - 1]:
            tiles.append([])
            condition = expanded(lines[number - 1], lets)
            unasked = {part for part in conditions if part not in condition}
            if "if (" not in lines[number - 1] or unasked:
                wrong.append(f"line {number + 1}: asks if '{lines[number - 1].strip()}'; expected a condition of {unasked}")
        names = expanded(fetched[2], lets)
        missing = {name for name in needed if name not in names}
        if fetched[1] != "residual" or missing:
            wrong.append(f"line {number + 1}: asks for {fetched[1]} without {missing}; expected the residual's element")
        tiles[-1].append(fetched[2])
    begun = begun_sums(lines)
    if len(tiles) != begun or bool(tiles) != bool(expected):
        wrong.append(f"{len(tiles)} of {begun} register tiles ask for lines; expected {'all' if expected else 'none'}")
    wrong += [f"a register tile asks for {len(set(tile))} lines, {len(tile)} times; expected {expected}"
              for tile in tiles if len(tile) != expected or len(set(tile)) != expected]
    return len(tiles), wrong


def begun_sums(lines):
    """Register tiles that ask for something before they begin to sum up."""
    return sum("return_second(" in line and "return_second(" not in lines[number - 1] for number, line in enumerate(lines))


def arguments(call):
    """Of a call, by the commas outside of parentheses; what follows it is left out."""
    depth, found = 0, [""]
    for letter in call:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            return found
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter


def value(text, lets):
    """Of an expression of integers."""
    def number(name):
        if name[0] in VALUES:
            return str(VALUES[name[0]])
        return str(value(lets[name[0]], lets)) if name[0] in lets else name[0]
    text = re.sub(r"\(u?int\d+\)", "", text)
    functions = {"int64": int, "int32": int, "max": max, "min": min, "select": lambda condition, yes, no: yes if condition else no}
    return eval(re.sub(r"[A-Za-z_][\w.$]*", number, text).replace("/", "//"), functions)


def expected_arguments(operation, positions):
    """Of a call, for VALUES: first sample, samples, part, parts, group, batch."""
    v = VALUES
    next_tile = v["copied_tiles"] * 2 + 3 + v["copied_tiles"]
    block, blocks, observation = v["output.s1.filter.block"], v["weights.extent.3"], [v["output.s1.group"], v["output.s1.batch"]]
    if operation == "conv_transpose1d":
        part = block * v["stride"] + v["output.s1.places$w"]
        return [next_tile * positions + v["left"] // v["stride"], positions, part, blocks * v["stride"]] + observation
    samples = positions * v["stride"]
    seen_before = (v["weights.extent.1"] - 1) * v["dilation"] - v["left"] - v["stride"] # by the tile before tile 0, the last
    return [next_tile * samples + seen_before + 1, samples, block, blocks] + observation


def input_faults(lines, operation, positions):
    """(number of register tiles that ask for input, what is wrong with them)"""
    lets = dict(re.findall(r"let ([\w.$]+) = (.*)", "\n".join(lines)))
    condition = {"input.extent.0", "input.extent.1", "input.extent.2", "input.extent.3", "262144", "copied_tiles", "output.extent.0"}
    calls, wrong = 0, []
    for number, line in enumerate(lines):
        call = re.search(r"if_then_else\(([\w.]+), conv1d_fetch_input\(input\.buffer, (.*)", line)
        if not call:
            continue
        calls += 1
        missing = {part for part in condition if part not in expanded(call[1], lets)}
        if missing:
            wrong.append(f"line {number + 1}: asks if {call[1]}, without {missing}")
        if calls == 1: # the others are of tiles at ends
            got = [value(text, lets) for text in arguments(call[2])]
            if got != expected_arguments(operation, positions):
                wrong.append(f"line {number + 1}: asks for {got}; expected {expected_arguments(operation, positions)}")
    if bool(calls) != bool(positions) or (positions and calls != begun_sums(lines)):
        wrong.append(f"{calls} of {begun_sums(lines)} register tiles ask for input; expected {'all' if positions else 'none'}")
    return calls, wrong


def main():
    generator, *schedules, target = sys.argv[1:]
    bad = 0
    for schedule in schedules:
        loops, wrong = faults(lowered(generator, schedule, target, "cbt"))
        if loops == 0:
            wrong.append("there is no loop over taps; expected one")
        print(f"{schedule}: {loops} loops over the taps of a phase, {len(wrong)} faults")
        print("\n".join(wrong[:5]))
        bad += len(wrong)
    for schedule, target, operation, order, lines in FETCHES:
        tiles, wrong = fetch_faults(lowered(generator, schedule, target, order, operation), operation, order, lines)
        print(f"{schedule} in {order} order: {tiles} register tiles ask for {lines} lines, {len(wrong)} faults")
        print("\n".join(wrong[:5]))
        bad += len(wrong)
    for schedule, target, operation, order, positions in INPUT_FETCHES:
        tiles, wrong = input_faults(lowered(generator, schedule, target, order, operation), operation, positions)
        print(f"{schedule} in {order} order: {tiles} register tiles ask for input, {len(wrong)} faults")
        print("\n".join(wrong[:5]))
        bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
