"""Both layers against SciPy's correlate and upfirdn in float64, with longer signals and filters than elsewhere."""
import numpy as np
import scipy

from configuration import Limits, draw_either
from reference import bound, reference
from sweep import random_arrays, sweep

ELEMENT_TYPES = (np.float32, np.float64)  # that the tool computes with
LIMITS = Limits(batch=2, channels=16, length=1200, filters=24, taps=65, stride=12, dilation=9)


def draw(rng, targets):
    return draw_either(rng, LIMITS, targets)


def arrays(generator, configuration):
    return random_arrays(generator, configuration, ELEMENT_TYPES[generator.integers(len(ELEMENT_TYPES))])


def outputs(configuration, signal, weights, bias):
    expected, magnitudes = reference(signal, weights, bias, configuration)
    return {"SciPy": (expected, bound(configuration, magnitudes, signal.dtype, np.float64))}


def run(arguments):
    return sweep(f"SciPy {scipy.__version__}", arguments, draw, arrays, outputs)
