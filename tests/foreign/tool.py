"""Runs the tool on a configuration, its arrays in .npy files."""
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np


class ToolError(Exception):
    pass


def axes(memory_order):
    """The axis of (steps, batch, channels, length) of each dimension of a .npy file in this order."""
    length = "S" if "S" in memory_order else "T"
    axis = {"T": 0, "B": 1, "C": 2} | {length: 3}
    return [axis[label] for label in reversed(memory_order)]


def to_file_order(signal, configuration):
    """(steps * batch, channels, length) as the dimensions of the format, the slowest first."""
    kept = axes(configuration.format)
    whole = signal.reshape(configuration.steps, configuration.batch, *signal.shape[1:])
    gone = [axis for axis in range(4) if axis not in kept]
    return np.ascontiguousarray(whole.transpose(gone + kept).reshape([whole.shape[axis] for axis in kept]))


def from_file_order(array, configuration):
    """The inverse, of an output."""
    kept = axes(configuration.format)
    sizes = (configuration.steps, configuration.batch, configuration.filters, configuration.output_length)
    expected = tuple(sizes[axis] for axis in kept)
    if array.shape != expected:
        raise ToolError(f"the output has shape {array.shape}; expected {expected}")
    gone = [axis for axis in range(4) if axis not in kept]
    whole = array.reshape([sizes[axis] for axis in gone + kept]).transpose(np.argsort(gone + kept))
    return whole.reshape(-1, *sizes[2:])


def options(configuration):
    c = configuration
    ends = c.ends if isinstance(c.ends, str) else f"{c.ends[0]},{c.ends[1]}"
    given = [f"--format={c.format}", f"--stride={c.stride}", f"--dilation={c.dilation}", f"--groups={c.groups}",
             f"--same-extra={c.same_extra}", f"--threads={c.threads}"]
    if c.transposed:
        given += [f"--cropping={ends}", f"--output-padding={c.output_padding}"]
    else:
        given += [f"--padding={ends}", f"--padding-value={c.padding_value}"]
    for option in ("input_activation", "activation"):
        kind = getattr(c, option)
        if kind != "none":
            given.append(f"--{option.replace('_', '-')}={kind}")
        if kind == "leaky-relu":
            given.append(f"--{option.removesuffix('activation').replace('_', '-')}slope={c.slope}")
    return given + ([f"--target={c.target}"] if c.target else [])


class Tool:
    """The program, with a folder for its files. A context manager."""

    def __init__(self, program):
        self.program = program
        self.kernels = set()  # "schedule for target" of the runs so far

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        return self

    def __exit__(self, *error):
        self.temporary.cleanup()

    def call(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0 or done.stderr:
            raise ToolError(f"exit status {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def targets(self):
        """Instruction sets of x86-64 that this machine supports."""
        return re.findall(r"^ *(x86-64\S*) +supported", self.call("info"), re.M)

    def run(self, configuration, signal, weights, bias, residual=None):
        """Outputs (steps * batch, filters, length) of a signal (steps * batch, channels, length)."""
        files = {"input": to_file_order(signal, configuration), "weights": weights, "bias": bias,
                 "residual": None if residual is None else to_file_order(residual, configuration)}
        given = []
        for name, array in files.items():
            if array is not None:
                np.save(self.folder / f"{name}.npy", array)
                given.append(f"--{name}={self.folder / name}.npy")
        output = self.folder / "output.npy"
        output.unlink(missing_ok=True)
        said = self.call("run", configuration.operation, *given, f"--output={output}", *options(configuration))
        self.kernels.add(said.split(":")[0])
        y = np.load(output)
        if y.dtype != signal.dtype:
            raise ToolError(f"the output is {y.dtype}; expected {signal.dtype}")
        return from_file_order(y, configuration)
