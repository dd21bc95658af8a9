"""A picture of the ratios, by gnuplot."""
import subprocess

from results import groups, ratio

TITLES = {"scb": "SCB (ncw)", "cbt": "channels-last (nwc)"}
LEAST, MOST = 0.2, 20  # what lies outside is drawn at the edge


def panel(order, cells_of):
    """One memory order: a column a layer, sorted by its ratio on the first number of threads."""
    threads = list(cells_of)
    ratios = {t: {cell["layer"]: ratio(cell) for cell in cells_of[t]} for t in threads}
    layers = sorted((layer for layer, r in ratios[threads[0]].items() if r is not None), key=ratios[threads[0]].get)
    lines = [f"set title '{TITLES[order]}: time of the best peer over ours, above 1 ours is faster'"]
    for t in threads:
        lines.append(f"${order}{t} << end_of_data")
        for i, layer in enumerate(layers):
            r = ratios[t].get(layer)
            if r is not None:
                lines.append(f"{i} {min(max(r, LEAST), MOST):.4f}")
        lines.append("end_of_data")
    marks = ", ".join(f"'{layer}' {i}" for i, layer in enumerate(layers))
    lines.append(f"set xtics rotate by 60 right noenhanced font ',8' ({marks})")
    lines.append(f"set xrange [-1:{len(layers)}]")
    curves = [f"${order}{t} using 1:2 with points pointtype {7 if i == 0 else 6} pointsize 1.1 linewidth 1.5 "
              f"linecolor {i + 1} title '{t} thread{'s' if t > 1 else ''}'" for i, t in enumerate(threads)]
    return lines + ["plot 1 with lines linewidth 2 linecolor 'black' notitle, " + ", ".join(curves)]


def script(cells, path):
    by_order = {}
    for (order, threads), group in groups(cells).items():
        by_order.setdefault(order, {})[threads] = group
    width = max(700, 20 * max(len(group) for cells_of in by_order.values() for group in cells_of.values()) + 150)
    lines = [f"set terminal pngcairo size {width},{520 * len(by_order)} background 'white' font 'sans,10'",
             f"set output '{path}'", f"set multiplot layout {len(by_order)},1", "set logscale y", "set grid",
             f"set yrange [{LEAST}:{MOST}]",
             "set ytics ('0.2' 0.2, '0.33' 0.333, '0.5' 0.5, '0.7' 0.7, '1' 1, '1.5' 1.5, '2' 2, '3' 3, '5' 5, "
             "'10' 10, '20' 20)", "set key top left", "set lmargin 8"]
    for order, cells_of in by_order.items():
        lines += panel(order, cells_of)
    return "\n".join([*lines, "unset multiplot"]) + "\n"


def draw(cells, path):
    subprocess.run(["gnuplot"], input=script(cells, path), text=True, check=True)
