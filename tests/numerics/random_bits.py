"""Random bits, initial weights and shuffles: the page `contract::random`."""

import numpy as np
from floats import ONE, ZERO, f

MULTIPLIER = 0x5851F42D4C957F2D
INCREMENT = 0x14057B7EF767814F
TWO_23 = f(2**23)
TWO_MINUS_23 = f(2.0**-23)


def advance(state):
    return (state * MULTIPLIER + INCREMENT) % 2**64


class Random:
    def __init__(self, seed):
        self.state = advance((seed + INCREMENT) % 2**64)

    def bits(self):
        old = self.state
        self.state = advance(old)
        shifted = (((old >> 18) ^ old) >> 27) % 2**32
        by = old >> 59
        return ((shifted >> by) | (shifted << (32 - by))) % 2**32

    def below(self, end):
        if end <= 2**16:
            return (self.bits() * end) >> 32
        high, low = self.bits(), self.bits()
        return ((high * 2**32 + low) * end) >> 64

    def uniform(self, bound):
        steps = f(self.bits() >> 8) - TWO_23
        return steps * TWO_MINUS_23 * bound

    def shuffle(self, order):
        for last in range(len(order) - 1, 0, -1):
            place = self.below(last + 1)
            order[last], order[place] = order[place], order[last]

    def permutation(self, n):
        order = list(range(n))
        self.shuffle(order)
        return order


def bounds(scheme, inputs, outputs):
    """The bounds of weight and bias."""
    inputs, outputs = f(inputs), f(outputs)
    if scheme == "Default":
        bound = ONE / np.sqrt(inputs)
        return bound, bound
    if scheme == "KaimingUniform":
        return np.sqrt(f(6) / inputs), ZERO
    return np.sqrt(f(6) / (inputs + outputs)), ZERO


def init(layers, scheme, random):
    """New weights for each linear layer, from the input on."""
    for layer in layers:
        if not hasattr(layer, "weight"):
            continue
        outputs, inputs = layer.weight.shape
        of_weight, of_bias = bounds(scheme, inputs, outputs)
        for o in range(outputs):
            for i in range(inputs):
                layer.weight[o, i] = random.uniform(of_weight)
        if layer.bias is not None:
            for o in range(outputs):
                layer.bias[o] = random.uniform(of_bias) if of_bias > ZERO else ZERO
