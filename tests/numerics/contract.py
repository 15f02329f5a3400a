"""The cases of `tests/digests/contract.rs`."""

import numpy as np
from cases import ROWS, kernel, mlp, steps
from floats import INF, NAN, Digest, f, zeros
from functions import bce_with_logits_grad, expm1, ln_1p
from layers import (
    Linear,
    Network,
    elu,
    hard_tanh,
    leaky_relu,
    of_sigmoid,
    of_softplus,
    of_tanh,
    relu,
    standardize,
)
from losses import (
    L1,
    Huber,
    Mse,
    SigmoidBce,
    SmoothL1,
    SoftmaxCe,
    Weighted,
    WeightedBce,
    WeightedCe,
)
from optimisers import Adam, NAdam, RmsProp, Sgd, Trainer
from random_bits import Random, init

PLACES = [n * n // 7 % 64 for n in range(4500)]
EDGES = np.float32(
    [
        [0, -0.0, -0.5],
        [INF, 1.5, -INF],
        [INF, INF, 1],
        [-INF, -INF, -INF],
        [NAN, 0, 1],
        [100, -100, 30],
        [3e38, -3e38, 1],
    ]
)
CLASSES = np.float32([[n * n // 3 % 3 == c for n in range(64)] for c in range(3)])


def activations():
    digest = Digest()
    for activation in [
        relu(),
        leaky_relu(1, 5),
        hard_tanh(-0.5, 1.5),
        of_sigmoid(),
        of_tanh(),
        of_softplus(),
        elu(0.75),
    ]:
        x = np.concatenate([ROWS.T.ravel(), EDGES.ravel()])
        y = activation.forward(x)
        dx, _ = activation.backward(x, y, np.full_like(x, f(0.7)))
        digest.add(np.stack([y, dx], axis=1))
    return digest.hash


def losses():
    digest = Digest()
    classes = WeightedCe([0.3, 1.7, 3.1], label_smoothing=0.1)
    flags, far = [0, 1, 0.3], [-1.1, 0.45, 2.3]
    a, b, c = ROWS[:3]
    logits = np.concatenate([np.stack([f(1.1) * a, f(0.9) * b, c]), EDGES.T], axis=1)
    for head, target in [
        (SigmoidBce(), flags),
        (WeightedBce([0.3, 1.7, 7.1], [1.1, 2.3, 0.7]), flags),
        (SoftmaxCe(), [0.2, 0.7, 0.1]),
        (SoftmaxCe(), [0, 1, 0]),
        (classes, [0.2, 0.7, 0.1]),
        (classes, [0, 0, 0]),
        (Mse(), far),
        (Huber(0.7), far),
        (SmoothL1(0.7), far),
        (SmoothL1(0), far),
        (L1(), far),
        (Weighted(L1(), 0.3), far),
    ]:
        targets = np.repeat(np.float32(target)[:, None], logits.shape[1], axis=1)
        loss, dz = head.loss_grad(logits, targets)
        digest.add(np.concatenate([head.predict(logits), [loss], dz]).T)
    return digest.hash


def initial():
    random, digest = Random(7), Digest()
    network = Network([Linear(5, 3), relu(), Linear(3, 2)], Mse())
    for scheme in ["Default", "KaimingUniform", "XavierUniform"]:
        init(network.layers, scheme, random)
        digest.add_all(network.tensors())
    return digest.hash


def clipped():
    network = mlp([16, 4, 3], Weighted(SoftmaxCe(), 1), activation=of_tanh)
    trainer = Trainer(network, [NAdam(0.01, decoupled=True, weight_decay=0.1, momentum_decay=0.7)])
    digest = Digest()
    for weight, most in [
        (1, 0.125),
        (1e-30, 1e-33),
        (1e30, 1e-33),
        (1e30, 0.5),
        (0.5, 100),
    ]:
        network.head.factor = f(weight)
        trainer.max_norm = f(most)
        for _ in range(3):
            digest.add(trainer.step(ROWS, CLASSES))
            digest.add_all(trainer.gradient)
    digest.add_all(network.tensors())
    return digest.hash


def blocks():
    trainer = Trainer(mlp([16, 1], SigmoidBce(), seed=3), [Sgd(0.5)])
    targets = np.float32([[n % 3 % 2 for n in range(64)]])
    trainer.accumulate(ROWS[:, PLACES], targets[:, PLACES])
    trainer.accumulate(ROWS[:, :7], targets[:, :7])
    digest = Digest()
    digest.add(trainer.update())
    digest.add_all(trainer.network.tensors())
    return digest.hash


def online():
    scaling = standardize([0.3] * 16, [1.7] * 16)
    network = mlp([16, 4, 3], WeightedCe([1, 2, 0.7]), activation=elu)
    network.layers.insert(0, scaling)
    trainer, digest = Trainer(network, [Sgd(0.05, momentum=0.5)]), Digest()
    for n in range(64):
        digest.add(trainer.step(ROWS[:, n : n + 1], CLASSES[:, n : n + 1]))
    scales = [zeros(16) + f(0.3), zeros(16) + f(1.7)]
    digest.add_all(scales + network.tensors())
    return digest.hash


CASES = {
    "expm1": lambda: kernel(expm1),
    "ln_1p": lambda: kernel(ln_1p),
    "bce": lambda: kernel(lambda z: bce_with_logits_grad(z, f(0.25))[0]),
    "bce_grad": lambda: kernel(lambda z: bce_with_logits_grad(z, f(0.25))[1]),
    "activations": activations,
    "losses": losses,
    "init": initial,
    "book_momentum_100": lambda: steps(
        Sgd(0.1, momentum=0.9, dampening=0.5, weight_decay=0.01), 100
    ),
    "book_nesterov_100": lambda: steps(Sgd(0.1, momentum=0.9, nesterov=True), 100),
    "book_amsgrad_100": lambda: steps(Adam(0.01, betas=(0.75, 0.5), amsgrad=True), 100),
    "book_plain_rmsprop_100": lambda: steps(RmsProp(0.001, weight_decay=0.01), 100),
    "clipped": clipped,
    "blocks": blocks,
    "online": online,
}
