"""Both layers, with activations and residuals, against SciPy's correlate, upfirdn and special functions in float64, with
longer signals and filters than elsewhere."""
import dataclasses

import numpy as np
import scipy

from configuration import Limits, draw_either
from epilogue import activated, activation_bound, finished
from reference import bound, reference
from sweep import random_arrays, sweep

ELEMENT_TYPES = (np.float32, np.float64)  # that the tool computes with
LIMITS = Limits(batch=2, channels=16, length=1200, filters=24, taps=65, stride=12, dilation=9, epilogues=True)


def draw(rng, targets):
    return draw_either(rng, LIMITS, targets)


def arrays(generator, configuration):
    c = configuration
    kind = ELEMENT_TYPES[generator.integers(len(ELEMENT_TYPES))]
    shape = (c.steps * c.batch, c.filters, c.output_length)
    residual = generator.standard_normal(shape).astype(kind) if c.residual else None
    return *random_arrays(generator, c, kind), residual


def outputs(configuration, signal, weights, bias, residual):
    c, types = configuration, (signal.dtype, np.float64)
    x = signal.astype(np.float64)
    active = activated(c.input_activation, x, c.slope)
    sums, magnitudes = reference(active, weights, bias, c)
    unpadded = c if isinstance(c.padding_value, str) else dataclasses.replace(c, padding_value=0)
    input_bounds, _ = reference(activation_bound(c.input_activation, abs(x), active, *types), abs(weights), None, unpadded)
    sum_bounds = bound(c, magnitudes, *types) + 2 * input_bounds  # twice: rounded too
    return {"SciPy": finished(c, sums, sum_bounds, residual, *types)}


def run(arguments):
    return sweep(f"SciPy {scipy.__version__}", arguments, draw, arrays, outputs)
