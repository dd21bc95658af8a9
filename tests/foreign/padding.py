"""The paddings, by NumPy's pad."""
import numpy as np

NUMPY_MODES = {"replicate": "edge", "symmetric-include-edge": "symmetric", "symmetric-exclude-edge": "reflect",
               "circular": "wrap"}


def padded(signal, configuration):
    """The padded signal, along its last axis."""
    width = [(0, 0)] * (signal.ndim - 1) + [configuration.left_right()]
    value = configuration.padding_value
    if isinstance(value, str):
        return np.pad(signal, width, NUMPY_MODES[value])
    return np.pad(signal, width, "constant", constant_values=value)
