"""Both layers against ONNX Runtime's Conv and ConvTranspose in float32, and against SciPy in float64, which says which
of the two is wrong when they differ."""
import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from configuration import Limits, draw_either
from padding import padded
from reference import bound, reference
from sweep import random_arrays, sweep

OPSET = 17
IR_VERSION = 8


def draw(rng, targets):
    return draw_either(rng, Limits(), targets)


def model(operator, attributes, has_bias):
    names = ["x", "w", "b"] if has_bias else ["x", "w"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * (1 if name == "b" else 3))
              for name in names]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 3)
    graph = helper.make_graph([helper.make_node(operator, names, ["y"], **attributes)], "layer", inputs, [output])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def evaluate(operator, attributes, signal, weights, bias):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    serialized = model(operator, attributes, bias is not None).SerializeToString()
    session = onnxruntime.InferenceSession(serialized, options, providers=["CPUExecutionProvider"])
    arrays = {"x": signal, "w": weights} | ({} if bias is None else {"b": bias})
    return session.run(None, arrays)[0]


def attributes(configuration):
    c = configuration
    return {"strides": [c.stride], "dilations": [c.dilation], "group": c.groups}


def convolve(configuration, signal, weights, bias):
    """ONNX Runtime pads with zeros only. Its auto_pad is asked for where it is right: without dilation, and with
    something to pad, as it takes samples off the signal where strides step over some (its issue 10086)."""
    c = configuration
    if c.padding_value != 0:
        return evaluate("Conv", attributes(c), padded(signal, c), weights, bias)
    if c.ends == "same" and c.dilation == 1 and c.left_right() != (0, 0):
        padding = {"auto_pad": "SAME_LOWER" if c.same_extra == "left" else "SAME_UPPER"}
    else:
        padding = {"pads": list(c.left_right())}
    return evaluate("Conv", attributes(c) | padding, signal, weights, bias)


def convolve_transposed(configuration, signal, weights, bias):
    """ONNX Runtime takes croppings from 0 and output padding below the stride. A stride more of it is one more sample,
    of 0. Its auto_pad is not asked for."""
    c = configuration
    left, right = c.left_right()
    samples, output_padding = divmod(c.output_padding + max(-right, 0), c.stride)
    longer = np.pad(signal, [(0, 0), (0, 0), (0, samples)])
    ends = {"pads": [left, max(right, 0)], "output_padding": [output_padding]}
    return evaluate("ConvTranspose", attributes(c) | ends, longer, weights, bias)


def outputs(configuration, signal, weights, bias):
    """ONNX Runtime's sums are in float32 too, so their errors add to the tool's."""
    foreign = (convolve_transposed if configuration.transposed else convolve)(configuration, signal, weights, bias)
    exact, magnitudes = reference(signal, weights, bias, configuration)
    return {"ONNX Runtime": (foreign, bound(configuration, magnitudes, np.float32, np.float32)),
            "SciPy": (exact, bound(configuration, magnitudes, np.float32, np.float64))}


def run(arguments):
    return sweep(f"ONNX Runtime {onnxruntime.__version__}", arguments, draw, random_arrays, outputs)
