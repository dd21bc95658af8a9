"""PyTorch on the processor: eager, and in scb with weights packed by to_mkldnn."""
import warnings

import torch
from torch.nn import functional
from torch.utils import mkldnn

from contender import Way

NAME = "pytorch"

torch.set_grad_enabled(False)
warnings.filterwarnings("ignore", message="`torch.jit.script_method`", category=FutureWarning)  # its own call


def version():
    return f"PyTorch {torch.__version__.split('+')[0]}"


def eager(problem, arrays, two_dimensional):
    """The layer as a function of a (batch, channels[, 1], length) tensor. Padding that is not the same at both ends is
    a call of its own, and cropping a view."""
    p = problem
    weights, bias = torch.from_numpy(arrays.weights), torch.from_numpy(arrays.bias)
    if two_dimensional:
        weights = weights[:, :, None, :]
        if p.order == "cbt":
            weights = weights.contiguous(memory_format=torch.channels_last)

    def pair(value, across):
        return (across, value) if two_dimensional else value
    stride, dilation, ends = pair(p.stride, 1), pair(p.dilation, 1), pair(min(p.left, p.right), 0)
    if p.transposed:
        operator = functional.conv_transpose2d if two_dimensional else functional.conv_transpose1d
        spare = pair(p.output_padding, 0)
        first, end = p.left - min(p.left, p.right), p.left - min(p.left, p.right) + p.output_length
        return lambda x: operator(x, weights, bias, stride, ends, spare, p.groups, dilation)[..., first:end]
    operator = functional.conv2d if two_dimensional else functional.conv1d
    if p.left == p.right:
        return lambda x: operator(x, weights, bias, stride, ends, dilation, p.groups)
    padding = (p.left, p.right)
    none = pair(0, 0)
    return lambda x: operator(functional.pad(x, padding), weights, bias, stride, none, dilation, p.groups)


def with_packed_weights(problem, arrays):
    """As a module with weights in oneDNN's layout, to which the input and from which the output is brought."""
    p = problem
    layer = torch.nn.Conv2d(p.channels, p.filters, (1, p.taps), (1, p.stride), (0, p.left), (1, p.dilation), p.groups)
    layer.weight.copy_(torch.from_numpy(arrays.weights)[:, :, None, :])
    layer.bias.copy_(torch.from_numpy(arrays.bias))
    packed = mkldnn.to_mkldnn(layer.eval())
    return lambda x: packed(x.to_mkldnn()).to_dense()


def ways(problem, arrays, threads):
    torch.set_num_threads(threads)
    p = problem
    x = torch.from_numpy(arrays.input)
    if p.order == "cbt":
        x = x.permute(0, 2, 1)  # (batch, channels, length), as it lies
    found = {f"{NAME}/eager-1d": lambda: way(p, eager(p, arrays, False), x),
             f"{NAME}/eager-2d": lambda: way(p, eager(p, arrays, True), x[:, :, None, :])}
    if not p.transposed and p.order == "scb" and p.left == p.right:
        found[f"{NAME}/mkldnn-2d"] = lambda: way(p, with_packed_weights(p, arrays), x[:, :, None, :])
    return found


def way(problem, function, x):
    result = None

    def call():
        nonlocal result
        y = function(x)
        result = y[:, :, 0, :] if x.dim() == 4 else y
        if problem.order == "cbt":
            result = result.permute(0, 2, 1).contiguous()  # a copy only if it does not lie so
    return Way(call, lambda: result.numpy())


def any_length(problem, arrays, threads, two_dimensional):
    """A function of an input of any length."""
    torch.set_num_threads(threads)
    function = eager(problem, arrays, two_dimensional)
    return lambda x: function(torch.from_numpy(x))
