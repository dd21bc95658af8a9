"""Layers as ONNX models, which ONNX Runtime and OpenVINO read."""
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


def model(problem, arrays, two_dimensional, any_length=False):
    """A Conv or ConvTranspose, serialized. Memory order cbt is transposed inside the model. Posed as two-dimensional,
    a layer has a height of 1."""
    p = problem
    channels_last = p.order == "cbt"
    weights = arrays.weights[:, :, None, :] if two_dimensional else arrays.weights
    initializers = [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(arrays.bias, "bias")]
    attributes = {"strides": [p.stride], "dilations": [p.dilation], "kernel_shape": [p.taps]}
    if p.transposed:
        attributes["output_padding"] = [p.output_padding]
    if two_dimensional:
        attributes = {name: [0 if name == "output_padding" else 1] + value for name, value in attributes.items()}
    attributes["pads"] = [0, p.left, 0, p.right] if two_dimensional else [p.left, p.right]
    operator = "ConvTranspose" if p.transposed else "Conv"
    inner = ["x", "y"] if not channels_last else ["x_channels_first", "y_channels_first"]
    nodes = [helper.make_node(operator, [inner[0], "weights", "bias"], [inner[1]], group=p.groups, **attributes)]
    if channels_last:
        first, last = ([0, 3, 1, 2], [0, 2, 3, 1]) if two_dimensional else ([0, 2, 1], [0, 2, 1])
        nodes = [helper.make_node("Transpose", ["x"], [inner[0]], perm=first), *nodes,
                 helper.make_node("Transpose", [inner[1]], ["y"], perm=last)]

    def value(name, shape):
        shape = p.posed(shape, two_dimensional)
        if any_length:
            length = len(shape) - (2 if channels_last else 1)
            shape = [*shape[:length], f"{name}_length", *shape[length + 1:]]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "layer", [value("x", p.input_shape)], [value("y", p.output_shape)], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                             ir_version=IR_VERSION).SerializeToString()
