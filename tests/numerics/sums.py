"""Sums and means over samples: the page `contract::sums`, its second half."""

from fractions import Fraction

import numpy as np
from floats import INF, NAN, ONE, ZERO, bits, f, floats, minus_zeros

ROWS_PER_BLOCK = 4096
PARTIAL_SUMS = 16


def add_block(total, values):
    """Adds a block, whose samples are along the last axis."""
    partial = minus_zeros(values.shape[:-1] + (PARTIAL_SUMS,))
    for first in range(0, values.shape[-1], PARTIAL_SUMS):
        group = values[..., first : first + PARTIAL_SUMS]
        lanes = group.shape[-1]
        partial[..., :lanes] = partial[..., :lanes] + group
    for lane in range(PARTIAL_SUMS):
        total = total + partial[..., lane]
    return total


def add_call(total, values):
    """Adds the samples of a call."""
    n = values.shape[-1]
    if n <= ROWS_PER_BLOCK:
        return add_block(total, values)
    for first in range(0, n, ROWS_PER_BLOCK):
        block = values[..., first : first + ROWS_PER_BLOCK]
        total = total + add_block(minus_zeros(values.shape[:-1]), block)
    return total


class Sums:
    """Loss, gradient and weight of samples, summed."""

    def __init__(self, network):
        self.network, self.count = network, 0
        self.loss, self.weight = minus_zeros(()), minus_zeros(())
        self.gradient = [minus_zeros(tensor.shape) for tensor in network.tensors()]

    def accumulate(self, x, target):
        loss, _, _, gradients = self.network.samples(x, target)
        self.loss = add_call(self.loss, loss)
        self.gradient = [add_call(a, b) for a, b in zip(self.gradient, gradients)]
        if self.network.head.WEIGHTED:
            weight = self.network.head.weight(target)
            self.weight = add_call(self.weight, weight + ZERO)
        self.count += x.shape[1]

    def mean(self):
        """The mean loss and the mean gradient; None where every sample counts 0."""
        if self.network.head.WEIGHTED:
            if self.weight <= ZERO:
                return None
            factor = ONE / self.weight
        elif self.count == 1:
            return self.loss, self.gradient
        else:
            factor = ONE / f(self.count)
        return self.loss * factor, [g * factor for g in self.gradient]


def gradient_batch(network, x, target):
    sums = Sums(network)
    sums.accumulate(x, target)
    return sums.mean()


def exact(x):
    """A finite float as a rational number."""
    x = np.float32(x)
    return Fraction(float(x))


def rounded(value):
    """The float nearest to a rational number, ties to even."""
    size = abs(value)
    if size == 0:
        return ZERO
    # The exponent of the last place: 23 below that of the number, -149 at the least.
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** exponent > size:
        exponent -= 1
    place = max(exponent - 23, -149)
    steps = round(size / Fraction(2) ** place)  # Python rounds ties to even
    if steps == 2**24:
        steps, place = 2**23, place + 1
    if place > 104:
        return INF if value > 0 else -INF
    high = 0 if steps < 2**23 else place + 150
    integer = (high << 23) | (steps & (2**23 - 1))
    return floats(integer | (0x80000000 if value < 0 else 0))[()]


def exact_mean(numbers, times, count):
    """The sum of numbers, each as often as `times` says, divided by a count, rounded once."""
    up = any(x != -INF and not np.isfinite(x) for x in numbers)
    down = any(x != INF and not np.isfinite(x) for x in numbers)
    if up or down:
        return NAN if up and down else (INF if up else -INF)
    total = sum((exact(x) * t for x, t in zip(numbers, times)), Fraction(0))
    return rounded(total / count)


assert bits(rounded(Fraction(1, 10))) == 0x3DCCCCCD and bits(rounded(Fraction(1, 2**149))) == 1
