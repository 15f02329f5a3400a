"""Heads: the page `contract::losses`.

z, the target and dz have a row for each output and a column for each sample.
"""

import numpy as np
from floats import HALF, INF, ONE, TWO, ZERO, f, magnitude, where, zeros
from functions import bce_from_shares, bce_with_logits_grad, exp, ln_1p, sigmoid


class Head:
    WEIGHTED = False

    def predict(self, z):
        return z

    def over_outputs(self, z, target, each):
        """The loop of the heads whose mean is taken after the sum."""
        loss, dz = zeros(z.shape[1]), np.empty_like(z)
        for o in range(len(z)):
            one, dz[o] = each(o, z[o], target[o])
            loss = loss + one
        if len(z) > 1:
            mean = ONE / f(len(z))
            loss, dz = loss * mean, dz * mean
        return loss, dz


class SigmoidBce(Head):
    def predict(self, z):
        return sigmoid(z)

    def loss_grad(self, z, target):
        return self.over_outputs(z, target, lambda o, z, y: bce_with_logits_grad(z, y))


class WeightedBce(SigmoidBce):
    def __init__(self, pos_weight, weight):
        self.p, self.w = np.float32(pos_weight), np.float32(weight)

    def loss_grad(self, z, target):
        def each(o, z, y):
            positive = self.w[o] * (self.p[o] * y)
            negative = self.w[o] * (ONE - y)
            return bce_from_shares(z, positive, negative, positive + negative)

        return self.over_outputs(z, target, each)


class SoftmaxCe(Head):
    def shifted(self, z):
        """d, e and rest."""
        m = np.full(z.shape[1], -INF, np.float32)
        for o in range(len(z)):
            m = where(m < z[o], z[o], m)
        d = where(m <= z, ZERO, m - z)
        e = exp(ZERO - d)
        others, equals = zeros(z.shape[1]), zeros(z.shape[1])
        for o in range(len(z)):
            others = others + where(d[o] <= ZERO, ZERO, e[o])
            equals = equals + where(d[o] <= ZERO, ONE, ZERO)
        return d, e, others + (equals - ONE)

    def predict(self, z):
        _, e, rest = self.shifted(z)
        return e / (ONE + rest)

    def loss_grad(self, z, target):
        d, e, rest = self.shifted(z)
        total = ONE + rest
        whole = zeros(z.shape[1])
        for y in target:
            whole = whole + y
        loss, dz = whole * ln_1p(rest), np.empty_like(z)
        for o, y in enumerate(target):
            loss = loss + where(magnitude(y) <= ZERO, ZERO, y * d[o])
            certain = (whole - y) - whole * (rest / total)
            dz[o] = where(d[o] <= ZERO, certain, whole * (e[o] / total) - y)
        return loss, dz


class WeightedCe(SoftmaxCe):
    WEIGHTED = True

    def __init__(self, weight, label_smoothing=0):
        self.w, self.s = np.float32(weight), f(label_smoothing)

    def loss_grad(self, z, target):
        size = zeros(z.shape[1])
        for y in target:
            size = size + magnitude(y)
        even = where(size <= ZERO, ZERO, self.s / f(len(z)))
        t = [w * ((ONE - self.s) * y + even) for w, y in zip(self.w, target)]
        return super().loss_grad(z, np.array(t))

    def weight(self, target):
        weight = zeros(target.shape[1])
        for w, y in zip(self.w, target):
            weight = weight + w * y
        return weight


class Mse(Head):
    def loss_grad(self, z, target):
        outputs = f(len(z))
        total, dz = zeros(z.shape[1]), np.empty_like(z)
        for o in range(len(z)):
            off = z[o] - target[o]
            total = total + off * off
            dz[o] = off * (TWO / outputs)
        return total * (ONE / outputs), dz


def with_sign(off, size):
    y = where(ZERO < off, size, magnitude(off))
    return where(off < ZERO, ZERO - size, y)


class Huber(Head):
    def __init__(self, delta=1):
        self.delta = f(delta)

    def term(self, size, mean):
        near = where(self.delta < size, self.delta, size)
        slope = near * mean
        return slope * (size - near * HALF), slope

    def loss_grad(self, z, target):
        mean = ONE / f(len(z))
        loss, dz = zeros(z.shape[1]), np.empty_like(z)
        for o in range(len(z)):
            off = z[o] - target[o]
            term, slope = self.term(magnitude(off), mean)
            loss = loss + term
            dz[o] = with_sign(off, slope)
        return loss, dz


class SmoothL1(Huber):
    def __init__(self, beta=1):
        self.beta = f(beta)

    def term(self, size, mean):
        near = where(self.beta <= size, self.beta, size)
        slope = where(self.beta <= size, mean, (size / self.beta) * mean)
        return slope * (size - near * HALF), slope


class L1(Huber):
    def __init__(self):
        pass

    def term(self, size, mean):
        return size * mean, mean


class Weighted(Head):
    def __init__(self, head, factor):
        self.head, self.factor, self.WEIGHTED = head, f(factor), head.WEIGHTED

    def predict(self, z):
        return self.head.predict(z)

    def loss_grad(self, z, target):
        loss, dz = self.head.loss_grad(z, target)
        return loss * self.factor, dz * self.factor

    def weight(self, target):
        return self.head.weight(target)
