"""The cases of `tests/digests`: what they compute, and in which order it is taken in."""

import numpy as np
from floats import Digest, floats, zeros
from functions import exp, ln, sigmoid, softplus, tanh
from layers import Linear, Network, relu
from losses import SigmoidBce
from optimisers import Adagrad, Adam, NAdam, RmsProp, Sgd, Trainer
from random_bits import Random, init
from sums import gradient_batch

# The rows and targets of the notebook, and its weights: `src/notebook.rs`.
X = np.array([[1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6]], np.float32).T
Y = np.array([[1, 0, 1, 0]], np.float32)
FC1 = [
    [0.2369, 0.4875, -0.0785],
    [-0.1420, 0.5180, -0.4875],
    [-0.0190, -0.2783, 0.3500],
    [0.2950, -0.3992, 0.5065],
]
FC2 = [[-0.0172, -0.1255, 0.3816, 0.4249], [-0.0027, -0.1248, 0.4886, 0.1373]]
FC3 = [[-0.2785, 0.4220]]

# `ROWS` and `TARGETS` of `tests/digests/cases.rs`; a column is a row there.
ROWS = np.array(
    [[(7 * row + 5 * i) % 16 * 0.375 - 2.5 for row in range(64)] for i in range(16)], np.float32
)
TARGETS = np.array([[(row + o) % 2 for row in range(64)] for o in range(4)], np.float32)


def mlp(widths, head, seed=1, activation=relu):
    """A network with an activation between its layers, and the weights of a seed."""
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [Linear(inputs, outputs), activation()]
    network = Network(layers[:-1], head)
    init(network.layers, "Default", Random(seed))
    return network


def net():
    return Network([Linear.of(FC1), Linear.of(FC2), Linear.of(FC3)], SigmoidBce())


def book_net():
    layers = [Linear.of(FC1), relu(), Linear.of(FC2), relu(), Linear.of(FC3)]
    return Network(layers, SigmoidBce())


def notebook(network):
    digest = Digest()
    for n in range(4):
        x, y = X[:, n : n + 1], Y[:, n : n + 1]
        loss, dz, dx, gradients = network.samples(x, y)
        digest.add_all([network.predict(x), dz, dx, loss] + gradients)
    add_batch(digest, network, X, Y)
    return digest.hash


def add_batch(digest, network, x, target, unused=0):
    """Outputs, mean loss and mean gradient; `unused` outputs are 0."""
    digest.add(network.predict(x).T)
    digest.add(zeros(unused))
    loss, gradient = gradient_batch(network, x, target)
    digest.add(loss)
    digest.add_all(gradient)


def steps(optimizer, count):
    trainer, digest = Trainer(book_net(), [optimizer]), Digest()
    for _ in range(count):
        digest.add(trainer.step(X, Y))
    digest.add_all(trainer.network.tensors())
    return digest.hash


def kernel(function):
    digest = Digest()
    stride = (2**32 - 1) // 100_000
    digest.add(function(floats(np.arange(100_000, dtype=np.uint64) * stride)))
    return digest.hash


def batch(count):
    network, digest = mlp([16, 32, 16, 4], SigmoidBce()), Digest()
    add_batch(digest, network, ROWS[:, :count], TARGETS[:, :count], unused=4 * (64 - count))
    return digest.hash


CASES = {
    "linear": lambda: notebook(net()),
    "book": lambda: notebook(book_net()),
    "book_sgd_1000": lambda: steps(Sgd(0.1), 1000),
    "book_adam_300": lambda: steps(Adam(0.01), 300),
    "exp": lambda: kernel(exp),
    "ln": lambda: kernel(ln),
    "sigmoid": lambda: kernel(sigmoid),
    "softplus": lambda: kernel(softplus),
    "tanh": lambda: kernel(tanh),
    "mlp16_7": lambda: batch(7),
    "mlp16_8": lambda: batch(8),
    "mlp16_64": lambda: batch(64),
    "book_nadam_300": lambda: steps(NAdam(0.01), 300),
    "book_adagrad_300": lambda: steps(Adagrad(0.1), 300),
    "book_rmsprop_300": lambda: steps(RmsProp(0.001, centered=True, momentum=0.5), 300),
}
