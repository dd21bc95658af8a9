"""Configurations of the layers, drawn by a seeded generator, and the lengths and paddings that their meaning gives."""
import dataclasses
import math

# What the tool computes.
GROUPS = (1, 1, 1, 2, 3, 4, 8)
TRANSPOSED_DILATIONS = (1, 1, 2, 3, 5)
MOST_OUTPUT_PADDING = 5

FORMATS = ("SCB", "SC", "CSB", "CBT", "CT", "CTB", "SCT", "SCBT")
ACTIVATIONS = ("relu", "leaky-relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid")
PADDING_VALUES = (
    0, 0, 0, 0, 0.75, -1.5,  # 0 often, as ONNX Runtime pads with that itself
    "replicate", "symmetric-include-edge", "symmetric-exclude-edge", "circular")


@dataclasses.dataclass(frozen=True)
class Limits:
    """The largest sizes to draw; the least are 1."""
    batch: int = 4
    channels: int = 17
    length: int = 200
    filters: int = 40
    taps: int = 17
    stride: int = 9
    dilation: int = 5
    epilogues: bool = False  # activations and the residual


@dataclasses.dataclass(frozen=True)
class Configuration:
    operation: str  # "conv" or "transposed"
    format: str
    batch: int
    steps: int  # the size of T where S is convolved over
    channels: int
    length: int
    filters: int
    taps: int
    stride: int
    dilation: int
    groups: int
    output_padding: int  # transposed only
    ends: tuple | str  # padding or cropping: (left, right), "same" or "causal"
    same_extra: str  # the end that gets the odd sample of "same"
    padding_value: float | str  # conv only
    bias: bool
    threads: int
    target: str  # empty: the tool's choice
    input_activation: str = "none"
    activation: str = "none"
    slope: float = 0  # of either activation below 0, leaky-relu only
    residual: bool = False

    @property
    def transposed(self):
        return self.operation == "transposed"

    @property
    def extent(self):
        """Samples that a filter reaches over."""
        return (self.taps - 1) * self.dilation + 1

    @property
    def terms(self):
        """Most summands of an output: products and the bias."""
        return self.channels // self.groups * self.taps + 1

    def left_right(self):
        """Padding or cropping in samples. A right cropping below 0 adds positions."""
        if self.ends == "causal":
            return self.extent - 1, 0
        if self.ends != "same":
            return self.ends
        if self.transposed:
            total = self.extent - self.stride
            if total < 0:
                return 0, total
        else:
            total = max((math.ceil(self.length / self.stride) - 1) * self.stride + self.extent - self.length, 0)
        less, more = total // 2, total - total // 2
        return (more, less) if self.same_extra == "left" else (less, more)

    @property
    def output_length(self):
        left, right = self.left_right()
        if self.transposed:
            return (self.length - 1) * self.stride + self.extent - left - right + self.output_padding
        return (self.length + left + right - self.extent) // self.stride + 1

    def with_an_end_moved(self):
        """The configuration with a sample of padding or cropping moved to the other end, which gives as many other
        outputs; None if there is none to move or the signal is one sample, which some paddings only repeat."""
        if isinstance(self.ends, str) or self.ends == (0, 0) or self.length == 1:
            return None
        left, right = self.ends
        ends = (left + 1, right - 1) if right else (left - 1, right + 1)
        return dataclasses.replace(self, ends=ends)


def draw_ends(rng, transposed, length):
    kind = rng.choice(("numbers", "numbers", "wide", "same", "same", "same" if transposed else "causal"))
    if kind == "numbers":
        return rng.randint(0, 6), rng.randint(0, 6)
    if kind == "wide":
        most = min(3 * length + 2, 60)
        return rng.randint(0, most), rng.randint(0, most)
    return kind


def draw_activation(rng, limits):
    return rng.choice(("none", *ACTIVATIONS)) if limits.epilogues else "none"


def draw_sizes(rng, limits, operation, targets):
    """A configuration that may have no outputs."""
    transposed = operation == "transposed"
    memory_order = rng.choice(FORMATS)
    groups = rng.choice(GROUPS)
    stride = rng.randint(1, rng.choice((1, 2, limits.stride)))
    dilation = rng.choice(TRANSPOSED_DILATIONS) if transposed else rng.randint(1, rng.choice((1, limits.dilation)))
    length = rng.randint(1, rng.choice((9, limits.length)))
    ends = draw_ends(rng, transposed, length)
    most_output_padding = min(MOST_OUTPUT_PADDING, max(stride, dilation) - 1) if transposed and ends != "same" else 0
    return Configuration(
        operation=operation, format=memory_order, stride=stride, dilation=dilation, length=length, ends=ends,
        groups=groups,
        batch=rng.randint(1, limits.batch) if "B" in memory_order else 1,
        steps=rng.randint(1, 4) if {"S", "T"} <= set(memory_order) else 1,
        channels=groups * rng.randint(1, max(limits.channels // groups, 1)),
        filters=groups * rng.randint(1, max(limits.filters // groups, 1)),
        taps=rng.randint(1, rng.choice((4, limits.taps))),
        output_padding=rng.randint(0, most_output_padding),
        same_extra=rng.choice(("right", "left")),
        padding_value=0 if transposed else rng.choice(PADDING_VALUES),
        bias=rng.random() < 0.7,
        input_activation=draw_activation(rng, limits),
        activation=draw_activation(rng, limits),
        slope=rng.choice((0.01, 0.1, -0.5, 3)),
        residual=limits.epilogues and rng.random() < 0.5,
        threads=rng.choice((1, 1, 2, 3, 8)),
        target=rng.choice(("", "", *targets)))


def draw(rng, limits, operation, targets):
    """A configuration with outputs."""
    while True:
        configuration = draw_sizes(rng, limits, operation, targets)
        if configuration.output_length >= 1:
            return configuration


def draw_either(rng, limits, targets):
    return draw(rng, limits, rng.choice(("conv", "transposed")), targets)
