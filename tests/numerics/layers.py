"""Layers there and back: the page `contract::sums`, its first half.

x, y, dx and dy are arrays with a row for each number and a column for each sample.
"""

import numpy as np
from floats import ONE, ZERO, f, minus_zeros, where, zeros
from functions import exp, expm1, sigmoid, softplus, tanh


class Linear:
    def __init__(self, inputs, outputs, bias=True):
        self.weight = zeros((outputs, inputs))
        self.bias = zeros(outputs) if bias else None

    @staticmethod
    def of(weight):
        """A layer without bias."""
        layer = Linear(len(weight[0]), len(weight), bias=False)
        layer.weight[:] = np.array(weight, np.float32)
        return layer

    def forward(self, x):
        outputs, inputs = self.weight.shape
        y = minus_zeros((outputs, x.shape[1]))
        if self.bias is not None:
            y[:] = self.bias[:, None]
        for i in range(inputs):
            y = y + self.weight[:, i : i + 1] * x[i]
        return y

    def backward(self, x, y, dy):
        outputs, inputs = self.weight.shape
        dx = minus_zeros((inputs, x.shape[1]))
        for o in range(outputs):
            dx = dx + self.weight[o][:, None] * dy[o]
        dw = dy[:, None, :] * x[None, :, :]
        return dx, [dw] if self.bias is None else [dw, dy]

    def tensors(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class Activation:
    """Two formulas: y from x, and dx from x, y and dy."""

    def __init__(self, y, dx):
        self.of_x, self.of_dy = y, dx

    def forward(self, x):
        return self.of_x(x)

    def backward(self, x, y, dy):
        return self.of_dy(x, y, dy), []

    def tensors(self):
        return []


def relu():
    return Activation(
        lambda x: where(x < ZERO, ZERO, x),
        lambda x, y, dy: where(y <= ZERO, ZERO, dy),
    )


def leaky_relu(numerator=1, denominator=100):
    a = f(numerator) / f(denominator)
    return Activation(
        lambda x: where(ZERO < x, x, a * x),
        lambda x, y, dy: where(ZERO < x, dy, a * dy),
    )


def hard_tanh(low=-1, high=1):
    low, high = f(low), f(high)
    return Activation(
        lambda x: where(x < low, low, where(high < x, high, x)),
        lambda x, y, dy: where((low < x) & (x < high), dy, ZERO),
    )


def of_sigmoid():
    return Activation(sigmoid, lambda x, y, dy: dy * (y * (ONE - y)))


def of_tanh():
    return Activation(tanh, lambda x, y, dy: dy * ((ONE - y) * (ONE + y)))


def of_softplus():
    return Activation(softplus, lambda x, y, dy: dy * sigmoid(x))


def elu(alpha=1):
    a = f(alpha)
    return Activation(
        lambda x: where(ZERO < x, x, a * expm1(x)),
        lambda x, y, dy: where(ZERO < x, dy, dy * (a * exp(x))),
    )


def standardize(mean, scale):
    mean, scale = np.float32(mean)[:, None], np.float32(scale)[:, None]
    return Activation(lambda x: (x - mean) / scale, lambda x, y, dy: dy / scale)


class Network:
    """Layers and a head."""

    def __init__(self, layers, head):
        self.layers, self.head = layers, head

    def tensors(self):
        return [tensor for layer in self.layers for tensor in layer.tensors()]

    def forward(self, x):
        """What goes into each layer, and the logits."""
        through = [x]
        for layer in self.layers:
            through.append(layer.forward(through[-1]))
        return through

    def predict(self, x):
        return self.head.predict(self.forward(x)[-1])

    def samples(self, x, target):
        """For each sample its loss, dz, dx, and the gradient of each tensor."""
        through = self.forward(x)
        loss, dz = self.head.loss_grad(through[-1], target)
        dy, gradients = dz, []
        for n in range(len(self.layers) - 1, -1, -1):
            dy, own = self.layers[n].backward(through[n], through[n + 1], dy)
            gradients = own + gradients
        return loss, dz, dy, gradients
