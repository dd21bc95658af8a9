"""Compares the tool with other programs' outputs over drawn configurations."""
import random
from collections import Counter

import numpy as np

from tool import Tool, ToolError

MOST_SHOWN = 5  # failures printed
MOST_WRONG = 100  # configurations that are also run with a mistake
LEAST_REFUSED = 0.9  # of these: a mistake is not seen where all samples are alike


def worst(outputs, expected, bounds):
    """The largest error in units of its bound. Infinite where an output is not a number."""
    error = abs(outputs.astype(np.float64) - expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(error == 0, 0, error / bounds)
    return float(np.where(np.isnan(ratios), np.inf, ratios).max())


def random_arrays(generator, configuration, kind=np.float32):
    """A signal, weights and a bias or None."""
    c = configuration

    def normal(*shape):
        return generator.standard_normal(shape).astype(kind)
    shape = (c.channels, c.filters // c.groups) if c.transposed else (c.filters, c.channels // c.groups)
    signal = normal(c.steps * c.batch, c.channels, c.length)
    return signal, normal(*shape, c.taps), normal(c.filters) if c.bias else None


class Tally:
    """What was compared with each of the others, and how far from it."""

    def __init__(self):
        self.operations = Counter()
        self.worst = Counter()
        self.failures = []
        self.wrong = self.refused = 0

    def compare(self, tool, configuration, arrays, references):
        """Runs a configuration and, sometimes, one with a mistake, which must differ. references:
        {name: (outputs, bounds)}."""
        self.operations[configuration.operation] += 1
        try:
            outputs = tool.run(configuration, *arrays)
            mistaken = configuration.with_an_end_moved() if self.wrong < MOST_WRONG else None
            mistaken_outputs = tool.run(mistaken, *arrays) if mistaken else None
        except ToolError as error:
            self.failures.append(f"{configuration}: {error}")
            return
        for name, reference in references.items():
            ratio = worst(outputs, *reference)
            self.worst[name] = max(self.worst[name], ratio)
            if ratio > 1:
                self.failures.append(f"{configuration}: {ratio:.3g} of the bound against {name}")
        if mistaken:
            self.wrong += 1
            self.refused += all(worst(mistaken_outputs, *reference) > 1 for reference in references.values())

    def report(self, title):
        """Prints what failed, and a line of what ran. Returns the exit status."""
        for failure in self.failures[:MOST_SHOWN]:
            print(failure)
        if len(self.failures) > MOST_SHOWN:
            print(f"and {len(self.failures) - MOST_SHOWN} more failures")
        counts = ", ".join(f"{count} {operation}" for operation, count in sorted(self.operations.items()))
        errors = ", ".join(f"{ratio:.2f} of the bound against {name}" if ratio else f"0 against {name}"
                           for name, ratio in self.worst.items())
        print(f"{title}: {self.operations.total()} configurations ({counts}), worst error {errors}; "
              f"{self.refused} of {self.wrong} with an end moved were refused")
        return 0 if not self.failures and self.refused >= LEAST_REFUSED * self.wrong > 0 else 1


def sweep(title, arguments, draw, make_arrays, make_references):
    """Draws, runs and compares. draw(rng, targets) gives a configuration, make_arrays(generator, configuration) its
    signal, weights and bias, and make_references(configuration, *arrays) its {name: (outputs, bounds)}. Returns the
    exit status."""
    tally = Tally()
    with Tool(arguments.tool) as tool:
        rng = random.Random(arguments.seed)
        targets = tool.targets()
        for number in range(arguments.count):
            configuration = draw(rng, targets)
            arrays = make_arrays(np.random.default_rng((arguments.seed, number)), configuration)
            tally.compare(tool, configuration, arrays, make_references(configuration, *arrays))
    return tally.report(f"{title}, seed {arguments.seed}, {len(tool.kernels)} kernels")
