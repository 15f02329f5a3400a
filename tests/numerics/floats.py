"""Floats of 32 bits and their arithmetic: the page `contract`.

Everything is a numpy array or scalar of float32. numpy rounds each operation to the nearest float,
ties to even, and fuses none. A sum is a loop here: numpy's own has another order.
"""

import numpy as np

np.seterr(all="ignore")  # infinities and NaN are results like others


def f(decimal):
    """The float nearest to a number."""
    return np.float32(decimal)


def of_bits(integer):
    """The float with these bits."""
    return np.uint32(integer).view(np.float32)


def bits(x):
    return np.asarray(x, np.float32).view(np.uint32)


def floats(integers):
    return np.asarray(integers, np.uint32).view(np.float32)


ZERO, HALF, ONE, TWO = f(0), f(0.5), f(1), f(2)
MINUS_ZERO = of_bits(0x80000000)
INF = of_bits(0x7F800000)
NAN = of_bits(0x7FC00000)


def zeros(shape):
    return np.full(shape, ZERO, np.float32)


def minus_zeros(shape):
    return np.full(shape, MINUS_ZERO, np.float32)


def where(condition, yes, no):
    """`yes if condition else no`, for each number."""
    return np.where(condition, np.float32(yes), np.float32(no))


def magnitude(x):
    """|x|: clears the sign bit."""
    return floats(bits(x) & np.uint32(0x7FFFFFFF))


class Digest:
    """FNV-1a over the bits of floats."""

    def __init__(self):
        self.hash = 0xCBF29CE484222325

    def add(self, values):
        values = np.atleast_1d(np.asarray(values, np.float32)).ravel()
        values = np.where(np.isnan(values), NAN, values)
        h = self.hash
        for byte in bits(values).astype("<u4").tobytes():
            h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        self.hash = h

    def add_all(self, tensors):
        for tensor in tensors:
            self.add(tensor)
