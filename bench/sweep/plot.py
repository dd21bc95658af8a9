#!/usr/bin/env python3
"""A picture of what sweep wrote, by gnuplot: plot.py FILE.json PICTURE.png. A row for each kind of layers, a column for
each axis; colour for the lines through the bases, grey for the others of planes, red for cliffs."""
import json
import subprocess
import sys

AXES = {"taps": "k", "channels": "c", "stride": "s", "dilation": "d"}  # with their letters in problem strings
TITLES = {"conv": "convolution", "tconv": "transposed", "scb": "SCB", "cbt": "channels-last"}
LEAST_POINTS = 5  # of a grey line


def rows(points):
    """{(operation, order, kind): its points}, in order of appearance."""
    grouped = {}
    for point in points:
        grouped.setdefault((point["operation"], point["order"], point["kind"]), []).append(point)
    return grouped


def others(point, axis):
    return tuple(point[name] for name in AXES if name != axis)


def lines_along(axis, points):
    """{numbers of the other axes: points along this one}."""
    lines = {}
    for point in sorted(points, key=lambda point: point[axis]):
        lines.setdefault(others(point, axis), []).append(point)
    return lines


def is_cliff(one, other, about):
    ratio = one["over_bound"] / other["over_bound"]
    return min(one["ms"], other["ms"]) >= about["least_ms"] and max(ratio, 1 / ratio) > about["cliff"]


def neighbours(line, axis, steps):
    for one, other in zip(line, line[1:]):
        if steps.index(other[axis]) - steps.index(one[axis]) == 1:
            yield one, other


def data(name, lines, axis):
    yield f"${name} << end_of_data"
    for line in lines:
        for point in line:
            yield f"{point[axis]} {point['over_bound']:.4f}"
        yield ""
    yield "end_of_data"


def panel(name, title, axis, points, results):
    steps = sorted({point[axis] for point in results["points"]})
    lines = lines_along(axis, points)
    bases = dict.fromkeys(others(base, axis) for base in results["bases"] if base["kind"] == points[0]["kind"])
    grey = [line for others_, line in lines.items() if others_ not in bases and len(line) >= LEAST_POINTS]
    cliffs = [pair for line in lines.values() for pair in neighbours(line, axis, steps)
              if is_cliff(*pair, results["about"])]
    curves = []
    script = [f"set title '{title}'", f"set xlabel '{axis}' offset 0,0.6"]

    def curve(lines_, style):
        if lines_:
            block = f"{name}_{len(curves)}"
            script.extend(data(block, lines_, axis))
            curves.append(f"${block} using 1:2 {style}")

    curve(grey, "with lines linewidth 0.5 linecolor '#b0b0b0' notitle")
    letters = [letter for name_, letter in AXES.items() if name_ != axis]
    for i, base in enumerate(bases):
        key = " ".join(f"{letter}{number}" for letter, number in zip(letters, base))
        curve([lines[base]] if base in lines else [],
              f"with linespoints pointtype 7 pointsize 0.5 linewidth 1.5 linecolor {i + 1} title '{key}'")
    curve(cliffs, "with lines linewidth 2.5 linecolor 'red' title 'above {}'".format(results["about"]["cliff"]))
    return script + ["plot " + ", ".join(curves + ["1 with lines linecolor 'black' notitle"])]


def gnuplot_script(results, path):
    about = results["about"]
    kinds = rows(results["points"])
    over_bound = [point["over_bound"] for point in results["points"]]
    lines = [f"set terminal pngcairo size 1900,{60 + 400 * len(kinds)} background 'white' font 'sans,9'",
             f"set output '{path}'", "set logscale x 2", "set logscale y 2", "set grid",
             f"set yrange [{min(over_bound) / 1.1}:{max(over_bound) * 1.1}]", "set key top right samplen 1.5",
             f"set multiplot layout {len(kinds)},{len(AXES)} title 'Time over max(FLOP / peak, bytes / bandwidth): "
             f"{about['processor']}, {about['target']}, {about['threads']} thread(s), {about['gflops']:.0f} GFLOP/s, "
             f"{about['gbs']:.1f} GB/s' noenhanced"]
    for row, (kind, points) in enumerate(kinds.items()):
        title = ", ".join(TITLES.get(word, word) for word in kind)
        for axis in AXES:
            lines += panel(f"{axis}{row}", title, axis, points, results)
    return "\n".join([*lines, "unset multiplot"]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"plot.py: the arguments are {sys.argv[1:]}; expected the JSON file that sweep wrote and the picture")
    with open(sys.argv[1]) as results_file:
        picture = gnuplot_script(json.load(results_file), sys.argv[2])
    subprocess.run(["gnuplot"], input=picture, text=True, check=True)
