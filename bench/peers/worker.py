"""The process conv1d_peers_worker, which runs ours, oneDNN and XNNPACK: see commands.h."""
import json
import subprocess
from dataclasses import dataclass

import numpy as np


class WorkerError(Exception):
    pass


class Worker:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command, **arguments):
        try:
            self.process.stdin.write(json.dumps({"do": command} | arguments) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise WorkerError(f"{self.process.args[0]} ended with status {self.process.wait()} at '{command}'")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def close(self):
        self.process.communicate()


@dataclass
class Problem:
    """A layer in a memory order, as the worker describes it. Padding is with zeros; `padding` says what the layer
    has."""
    problem: str
    transposed: bool
    order: str
    batch: int
    channels: int
    length: int
    filters: int
    taps: int
    stride: int
    dilation: int
    groups: int
    left: int
    right: int
    output_padding: int
    output_length: int
    flops: float
    bytes: float
    padding: str

    @property
    def kind(self):
        """What the target depends on: "depthwise", "few channels" or "dense"."""
        if self.groups > 1 and self.groups == self.channels:
            return "depthwise"
        return "few channels" if self.channels <= 8 else "dense"

    @property
    def input_shape(self):
        return self._shape(self.channels, self.length)

    @property
    def output_shape(self):
        return self._shape(self.filters, self.output_length)

    @property
    def weights_shape(self):
        """As ONNX and PyTorch have it."""
        rows, columns = (self.channels, self.filters) if self.transposed else (self.filters, self.channels)
        return rows, columns // self.groups, self.taps

    def posed(self, shape, two_dimensional):
        """The shape of a signal, with a height of 1 if it is posed so."""
        height = 2 if self.order == "scb" else 1
        return [*shape[:height], 1, *shape[height:]] if two_dimensional else list(shape)

    def _shape(self, channels, length):
        return (self.batch, channels, length) if self.order == "scb" else (self.batch, length, channels)


class Arrays:
    """What the worker wrote into a folder: the layer's arrays, its output, and how far another's may be from that."""

    def __init__(self, folder, problem):
        def read(name, shape):
            return np.fromfile(f"{folder}/{name}", np.float32).reshape(shape)
        self.input = read("input", problem.input_shape)
        self.weights = read("weights", problem.weights_shape)
        self.bias = read("bias", problem.filters)
        self.output = read("output", problem.output_shape)
        self.tolerance = read("tolerance", problem.output_shape)

    def difference(self, output):
        """How an output differs from ours; empty if it does not."""
        if output.shape != self.output.shape:
            return f"shape {output.shape} instead of {self.output.shape}"
        wrong = ~(np.abs(output.astype(np.float64) - self.output) <= self.tolerance)
        if not wrong.any():
            return ""
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        return f"{np.count_nonzero(wrong)} of {wrong.size} elements, {at} is {output[at]} instead of {self.output[at]}"
