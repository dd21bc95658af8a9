"""The layers in float64, by SciPy's correlate and upfirdn, and the bound of rounding errors."""
import numpy as np
from scipy import signal as scipy_signal

from padding import padded


def spread(weights, dilation):
    """Taps with zeros between them."""
    taps = np.zeros((*weights.shape[:2], (weights.shape[2] - 1) * dilation + 1))
    taps[:, :, ::dilation] = weights
    return taps


def correlate(signal, weights, configuration):
    """(observations, channels, length) with (filters, channels/groups, taps)."""
    taps = spread(weights, configuration.dilation)
    channels = weights.shape[1]
    filters = configuration.filters // configuration.groups
    rows = [[scipy_signal.correlate(x[f // filters * channels:][:channels], taps[f], "valid", "direct")[0]
             for f in range(configuration.filters)] for x in signal]
    return np.array(rows)[:, :, ::configuration.stride]


def upsample(signal, weights, configuration):
    """The adjoint: (observations, channels, length) with (channels, filters/groups, taps)."""
    taps = spread(weights, configuration.dilation)
    channels = configuration.channels // configuration.groups
    filters = weights.shape[1]
    left, _ = configuration.left_right()
    whole = np.zeros((signal.shape[0], configuration.filters, left + configuration.output_length))
    for c in range(configuration.channels):
        for f in range(filters):
            filtered = scipy_signal.upfirdn(taps[c, f], signal[:, c], up=configuration.stride)[:, :whole.shape[2]]
            whole[:, c // channels * filters + f, :filtered.shape[1]] += filtered
    return whole[:, :, left:]


def apply(signal, weights, bias, configuration):
    """Outputs in float64 of a signal that is padded already."""
    operation = upsample if configuration.transposed else correlate
    outputs = operation(signal.astype(np.float64), weights.astype(np.float64), configuration)
    return outputs if bias is None else outputs + bias.astype(np.float64)[:, np.newaxis]


def reference(signal, weights, bias, configuration):
    """Outputs in float64, and for each the sum of its summands' magnitudes."""
    if not configuration.transposed:
        signal = padded(signal, configuration)
    magnitudes = apply(abs(signal), abs(weights), None if bias is None else abs(bias), configuration)
    return apply(signal, weights, bias, configuration), magnitudes


def bound(configuration, magnitudes, *types):
    """Largest difference of sums computed in these types, one each, in any order: an error of gamma(terms) times the
    magnitude each, with gamma(m) = m*u / (1 - m*u), and an underflow of at most one smallest normal number a term.
    Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.1."""
    terms = configuration.terms
    largest = 0
    for kind in map(np.finfo, types):
        rounding = terms * float(kind.eps) / 2
        largest = largest + rounding / (1 - rounding) * magnitudes + terms * float(kind.tiny)
    return largest
