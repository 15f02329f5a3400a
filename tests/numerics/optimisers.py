"""From a mean gradient to new weights: the page `contract::optimisers`.

An optimiser has `prepare(shared)`, which gives what all weights share in this step, and
`update(prepared, w, g, state)`, which takes and gives arrays. `STATES` is how many numbers it
remembers of a weight.
"""

import numpy as np
from floats import HALF, INF, ONE, ZERO, f, of_bits, where, zeros
from functions import exp
from sums import Sums


class Sgd:
    def __init__(self, lr, momentum=None, dampening=0, nesterov=False, weight_decay=None):
        self.lr, self.dampening, self.nesterov = f(lr), f(dampening), nesterov
        self.momentum = None if momentum is None else f(momentum)
        self.weight_decay = None if weight_decay is None else f(weight_decay)
        self.STATES = 0 if momentum is None else 1

    def new_shared(self):
        return {"first": True}

    def prepare(self, shared):
        dampens = not shared["first"] and self.momentum is not None and self.momentum != ZERO
        shared["first"] = False
        return ONE - self.dampening if dampens else ONE

    def update(self, share, w, g, state):
        if self.weight_decay is not None:
            g = g + self.weight_decay * w
        if self.momentum is not None:
            v = self.momentum * state[0] + share * g
            g = g + self.momentum * v if self.nesterov else v
            state = [v]
        return w - self.lr * g, state


def following(share, c, rest):
    """`next` of the page."""
    step = share * (ONE - c) + rest
    total = c + step
    return total, step - (total - c)


class Adam:
    DECOUPLED = False

    def __init__(self, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False):
        self.lr, self.eps, self.weight_decay = f(lr), f(eps), f(weight_decay)
        self.beta1, self.beta2 = f(betas[0]), f(betas[1])
        self.amsgrad = amsgrad
        self.STATES = 3 if amsgrad else 2

    def new_shared(self):
        return {"m": (ZERO, ZERO), "v": (ZERO, ZERO)}

    def prepare(self, shared):
        shared["m"] = following(ONE - self.beta1, *shared["m"])
        shared["v"] = following(ONE - self.beta2, *shared["v"])
        root = np.sqrt(shared["v"][0])
        return self.lr * root / shared["m"][0], self.eps * root

    def moments(self, g, m, v):
        m = m + (ONE - self.beta1) * (g - m)
        v = self.beta2 * v + (ONE - self.beta2) * g * g
        return m, v

    def decay(self, w, g):
        if self.DECOUPLED:
            return w - self.lr * self.weight_decay * w, g
        return w, g + self.weight_decay * w

    def update(self, prepared, w, g, state):
        size, e = prepared
        w, g = self.decay(w, g)
        m, v = self.moments(g, *state[:2])
        if not self.amsgrad:
            return w - size * m / (np.sqrt(v) + e), [m, v]
        largest = where(state[2] < v, v, state[2])
        return w - size * m / (np.sqrt(largest) + e), [m, v, largest]


class AdamW(Adam):
    DECOUPLED = True

    def __init__(self, lr, weight_decay=0.01, **others):
        super().__init__(lr, weight_decay=weight_decay, **others)


class NAdam(Adam):
    LN_0_96 = of_bits(0xBD2734F7)

    def __init__(self, lr, momentum_decay=0.004, decoupled=False, **others):
        super().__init__(lr, **others)
        self.momentum_decay, self.DECOUPLED = f(momentum_decay), decoupled

    def new_shared(self):
        return {"t": 0, **super().new_shared()}

    def mu_and_share(self, t):
        half = HALF * exp(f(t) * (self.momentum_decay * self.LN_0_96))
        return self.beta1 * (ONE - half), (ONE - self.beta1) + self.beta1 * half

    def prepare(self, shared):
        shared["t"] += 1
        _, share = self.mu_and_share(shared["t"])
        mu, later_share = self.mu_and_share(shared["t"] + 1)
        shared["m"] = following(share, *shared["m"])
        shared["v"] = following(ONE - self.beta2, *shared["v"])
        c_m, root = shared["m"][0], np.sqrt(shared["v"][0])
        later = c_m + later_share * (ONE - c_m)
        return self.lr * root * share / c_m, self.lr * root * mu / later, self.eps * root

    def update(self, prepared, w, g, state):
        of_g, of_m, e = prepared
        w, g = self.decay(w, g)
        m, v = self.moments(g, *state)
        return w - (of_g * g + of_m * m) / (np.sqrt(v) + e), [m, v]


class Adagrad:
    STATES = 1

    def __init__(self, lr, lr_decay=0, weight_decay=0, initial=0, eps=1e-10):
        self.lr, self.lr_decay, self.weight_decay = f(lr), f(lr_decay), f(weight_decay)
        self.initial, self.eps = f(initial), f(eps)

    def new_shared(self):
        return {"n": 0}

    def prepare(self, shared):
        rate = self.lr / (ONE + f(shared["n"]) * self.lr_decay)
        shared["n"] += 1
        return rate

    def update(self, rate, w, g, state):
        g = g + self.weight_decay * w
        s = state[0] + g * g
        return w - rate * g / (np.sqrt(self.initial + s) + self.eps), [s]


class RmsProp:
    def __init__(self, lr, alpha=0.99, eps=1e-8, weight_decay=0, centered=False, momentum=None):
        self.lr, self.alpha, self.eps = f(lr), f(alpha), f(eps)
        self.weight_decay, self.centered = f(weight_decay), centered
        self.momentum = None if momentum is None else f(momentum)
        self.STATES = 3

    def new_shared(self):
        return {}

    def prepare(self, shared):
        return None

    def update(self, _, w, g, state):
        mean, v, b = state
        g = g + self.weight_decay * w
        if self.centered:
            distance = g - mean
            step = (ONE - self.alpha) * distance
            mean = mean + step
            v = self.alpha * (v + step * distance)
        else:
            v = self.alpha * v + (ONE - self.alpha) * g * g
        if self.momentum is None:
            return w - self.lr * g / (np.sqrt(v) + self.eps), [mean, v, b]
        b = self.momentum * b + g / (np.sqrt(v) + self.eps)
        return w - self.lr * b, [mean, v, b]


def squares(gradient, scale):
    total = ZERO
    for tensor in gradient:
        for g in tensor.ravel():
            total = total + (g * scale) * (g * scale)
    return total


def clip(gradient, max_norm):
    """The gradient, cut down to the length `max_norm` if it is longer."""
    least, scale = f(2.0**-80), ONE
    total = squares(gradient, scale)
    if total < least or total == INF:
        scale = f(2.0**80) if total < least else least
        total = squares(gradient, scale)
    scaled = np.sqrt(total)
    if scaled <= max_norm * scale:
        return gradient
    factor = max_norm / scaled
    if factor < f(2.0**-126):
        share = f(2.0**40)
        factor = max_norm * share / scaled
        scale = scale / share
    return [g * scale * factor for g in gradient]


class Trainer:
    """A network, the state of its optimisers, and sums. Groups: index of an optimiser a tensor."""

    def __init__(self, network, optimizers, group_of=None, max_norm=None):
        self.network, self.optimizers = network, optimizers
        tensors = network.tensors()
        self.group_of = group_of or [0] * len(tensors)
        self.max_norm = None if max_norm is None else f(max_norm)
        self.frozen = set()
        self.shared = [optimizer.new_shared() for optimizer in optimizers]
        self.states = [
            [zeros(tensor.shape) for _ in range(optimizers[group].STATES)]
            for tensor, group in zip(tensors, self.group_of)
        ]
        self.sums = Sums(network)

    def accumulate(self, x, target):
        self.sums.accumulate(x, target)

    def step(self, x, target):
        self.sums = Sums(self.network)
        self.accumulate(x, target)
        return self.update()

    def update(self):
        """A step on what was accumulated: the mean loss, or None where every sample counts 0."""
        mean, self.sums = self.sums.mean(), Sums(self.network)
        if mean is None:
            return None
        loss, self.gradient = mean
        prepared = [
            None if group in self.frozen else optimizer.prepare(self.shared[group])
            for group, optimizer in enumerate(self.optimizers)
        ]
        if self.max_norm is not None:
            assert not self.frozen
            self.gradient = clip(self.gradient, self.max_norm)
        for n, (w, g) in enumerate(zip(self.network.tensors(), self.gradient)):
            group = self.group_of[n]
            if group not in self.frozen:
                optimizer = self.optimizers[group]
                w[...], self.states[n] = optimizer.update(prepared[group], w, g, self.states[n])
        return loss
