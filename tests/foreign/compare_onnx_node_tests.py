"""The tests of one-dimensional nodes that the onnx package ships: its own, and those of layers that PyTorch exported.

Its tests of two-dimensional Conv and ConvTranspose are left out: none has a height or a filter height of 1."""
import dataclasses
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

from configuration import FORMATS, GROUPS, Configuration
from reference import bound, reference
from sweep import Tally
from tool import Tool

OPERATIONS = {"Conv": "conv", "ConvTranspose": "transposed", "CausalConvWithState": "conv"}
LEAST_TESTS = 9  # that onnx 1.23 has without groups and activations


@dataclasses.dataclass
class NodeTest:
    name: str
    operator: str
    attributes: dict
    inputs: dict  # by position: 0 signal, 1 weights, 2 bias, 3 samples before the signal
    output: np.ndarray


def read_model(name, model, inputs, output):
    """A test of one node; nothing if the node is of another kind."""
    nodes = model.graph.node
    if len(nodes) != 1 or nodes[0].op_type not in OPERATIONS:
        return None
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    fed = [value.name for value in model.graph.input if value.name not in arrays]
    arrays |= dict(zip(fed, inputs, strict=True))
    by_position = {i: arrays[name] for i, name in enumerate(nodes[0].input) if name}
    if by_position[0].ndim != 3 or by_position[0].dtype != np.float32:
        return None
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in nodes[0].attribute}
    return NodeTest(name, nodes[0].op_type, attributes, by_position, output)


def read_folder(case):
    folder = Path(case.model_dir)
    tensors = {path.stem: numpy_helper.to_array(onnx.load_tensor(path))
               for path in folder.glob("test_data_set_0/*.pb")}
    inputs = [tensors[name] for name in sorted(tensors) if name.startswith("input")]
    return read_model(case.name, onnx.load(folder / "model.onnx"), inputs, tensors["output_0"])


def load_tests():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of overflows that tests of other operators compute
        own = load_model_tests(kind="node")
    tests = [read_model(case.name, case.model, inputs, outputs[0])
             for case in own for inputs, outputs in case.data_sets]
    tests += [read_folder(case) for case in load_model_tests(kind="pytorch-converted")]
    return sorted(filter(None, tests), key=lambda test: test.name)


def groups(test):
    """CausalConvWithState has a group for each channel."""
    return test.inputs[0].shape[1] if test.operator == "CausalConvWithState" else test.attributes.get("group", 1)


def why_left_out(test):
    if groups(test) > max(GROUPS):
        return "with groups"
    return "with an activation" if "activation" in test.attributes else ""


def arrays(test):
    """Signal, weights and bias. The samples before the signal stand in front of it."""
    signal, past = test.inputs[0], test.inputs.get(3)
    whole = signal if past is None else np.concatenate([past, signal], axis=2)
    return whole, test.inputs[1], test.inputs.get(2)


def ends(test):
    if test.operator == "CausalConvWithState":
        return (0, 0) if 3 in test.inputs else "causal"
    return tuple(test.attributes.get("pads", (0, 0)))


def configuration(test):
    signal, weights, bias = arrays(test)
    known = {"strides", "dilations", "output_padding", "group", "pads", "kernel_shape"}
    if not known.issuperset(test.attributes):
        raise ValueError(f"{test.name} has attributes {sorted(test.attributes)}; expected some of {sorted(known)}")

    def attribute(name, default):
        return test.attributes.get(name, [default])[0]
    return Configuration(
        operation=OPERATIONS[test.operator], format="SCB", batch=signal.shape[0], steps=1, channels=signal.shape[1],
        length=signal.shape[2], filters=test.output.shape[1], taps=weights.shape[2], stride=attribute("strides", 1),
        dilation=attribute("dilations", 1), groups=groups(test), output_padding=attribute("output_padding", 0),
        ends=ends(test), same_extra="right", padding_value=0, bias=bias is not None, threads=1, target="")


def compare(tally, tool, test):
    """In every memory order. The shipped outputs are float32 sums too, so their errors add to the tool's."""
    layer = configuration(test)
    _, magnitudes = reference(*arrays(test), layer)
    bounds = bound(layer, magnitudes, np.float32, np.float32)
    for memory_order in FORMATS:
        if "B" in memory_order:
            tally.compare(tool, dataclasses.replace(layer, format=memory_order), arrays(test),
                          {"what onnx ships": (test.output, bounds)})


def run(arguments):
    tests = load_tests()
    reasons = Counter(why_left_out(test) for test in tests)
    ran = reasons.pop("", 0)
    tally = Tally()
    with Tool(arguments.tool) as tool:
        for test in tests:
            if not why_left_out(test):
                compare(tally, tool, test)
    left_out = ", ".join(f"{count} {reason}" for reason, count in reasons.items()) or "none"
    status = tally.report(f"onnx {onnx.__version__}, {ran} tests, left out: {left_out}")
    return status if ran >= LEAST_TESTS else 1
