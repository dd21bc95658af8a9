"""Every padding against NumPy's pad. Each filter picks one tap of one channel, so the outputs are the padded samples
themselves, and must be equal."""
import dataclasses

import numpy as np

from configuration import Limits, draw
from padding import padded
from sweep import sweep

LIMITS = Limits(channels=5, length=120, taps=9)


def draw_picking(rng, targets):
    """A configuration with a filter for each tap of each channel."""
    drawn = draw(rng, LIMITS, "conv", targets)
    return dataclasses.replace(drawn, groups=1, filters=drawn.channels * drawn.taps, bias=False)


def picking_arrays(generator, configuration):
    """A signal, and filters that together pick every tap of every channel. No bias."""
    c = configuration
    signal = generator.standard_normal((c.steps * c.batch, c.channels, c.length)).astype(np.float32)
    weights = np.eye(c.filters, dtype=np.float32).reshape(c.filters, c.channels, c.taps)
    return signal, weights, None


def picked(configuration, signal, *_):
    """The samples that the outputs must be, without an error."""
    c = configuration
    starts = np.arange(c.output_length) * c.stride
    taps = np.arange(c.taps) * c.dilation
    samples = padded(signal, c)[:, :, taps[:, np.newaxis] + starts]
    return {"numpy.pad": (samples.reshape(len(signal), c.filters, c.output_length), 0)}


def run(arguments):
    return sweep(f"NumPy {np.__version__}", arguments, draw_picking, picking_arrays, picked)
