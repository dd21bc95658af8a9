"""Activations and residual in float64, by NumPy and SciPy's special functions, and the bounds of their errors."""
import numpy as np
from scipy import special


def gelu_tanh_argument(x):
    return np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)


def activated(kind, x, slope):
    functions = {
        "none": lambda: x,
        "relu": lambda: np.maximum(x, 0),
        "leaky-relu": lambda: np.where(x < 0, slope * x, x),
        "gelu": lambda: x * special.ndtr(x),
        "gelu-tanh": lambda: x * special.expit(2 * gelu_tanh_argument(x)),
        "silu": lambda: x * special.expit(x),
        "tanh": lambda: np.tanh(x),
        "sigmoid": lambda: special.expit(x),
    }
    return functions[kind]()


def unit_roundoff(kind):
    return float(np.finfo(kind).eps) / 2


def activation_bound(kind, x, value, *types):
    """Largest difference of values computed in these types, one each, at |x|; generators/activation.h states each."""
    largest = 0
    for element in types:
        units = {
            "none": 0,
            "relu": 0,
            "leaky-relu": 1,
            "silu": 5,
            "gelu": 8 if element == np.float32 else 6 + 2 * x**2,
            "gelu-tanh": 6 + 8 * abs(gelu_tanh_argument(x)),
        }.get(kind, 4)
        largest = largest + units * unit_roundoff(element) * abs(value) + float(np.finfo(element).tiny)
    return largest


def largest_slope(kind, slope):
    """Of an activation: what an error of its argument is multiplied by at most."""
    return {"leaky-relu": max(1, abs(slope)), "gelu": 1.13, "gelu-tanh": 1.13, "silu": 1.1}.get(kind, 1)


def finished(configuration, sums, sum_bounds, residual, *types):
    """activation(sums) + residual, and the bound of its error."""
    kind, slope = configuration.activation, configuration.slope
    outputs = activated(kind, sums, slope)
    bounds = largest_slope(kind, slope) * sum_bounds
    bounds = bounds + activation_bound(kind, abs(sums) + sum_bounds, abs(outputs) + bounds, *types)
    if residual is not None:
        bounds = bounds + sum(map(unit_roundoff, types)) * (abs(outputs) + bounds + abs(residual))
        outputs = outputs + residual
    return outputs, bounds
