"""The cases of `tests/digests/learning.rs`."""

import numpy as np
from cases import ROWS, mlp
from floats import ONE, Digest, f
from layers import Linear, Network
from losses import L1, Huber, Mse, SmoothL1, WeightedBce, WeightedCe
from optimisers import Adam, AdamW, Trainer
from random_bits import Random, init
from sums import exact_mean, gradient_batch


def heads():
    digest = Digest()
    all_heads = [
        (WeightedCe([0.5, 1, 3], label_smoothing=0.125), [0, 0.75, 0.25]),
        (WeightedBce([0.25, 1, 7], [1, 2, 0.5]), [1, 0, 0.5]),
        (Huber(0.75), [-1, 0.5, 2]),
        (SmoothL1(0.5), [-1, 0.5, 2]),
        (L1(), [-1, 0.5, 2]),
    ]
    for head, target in all_heads:
        network = Network([Linear(16, 3)], head)
        init(network.layers, "Default", Random(1))
        targets = np.repeat(np.float32(target)[:, None], 64, axis=1)
        loss, gradient = gradient_batch(network, ROWS, targets)
        digest.add_all([loss] + gradient)
    return digest.hash


def groups():
    weights = AdamW(0.01, weight_decay=0.1)
    biases = AdamW(0.01, weight_decay=0, betas=(0.5, 0.9))
    trainer = Trainer(mlp([16, 4, 1], Mse()), [weights, biases], group_of=[0, 1, 0, 1])
    digest, target = Digest(), np.full((1, 64), 0.5, np.float32)
    for step in range(60):
        trainer.frozen = {0} if 20 <= step < 40 else set()
        digest.add(trainer.step(ROWS, target))
    digest.add_all(trainer.network.tensors())
    return digest.hash


def epoch(trainer, x, targets, order, size):
    """Steps over the rows in this order: the exact mean of the losses of the batches."""
    losses, rows = [], []
    for first in range(0, len(order), size):
        places = order[first : first + size]
        loss = trainer.step(x[:, places], targets[:, places])
        if loss is not None:
            losses.append(loss)
            rows.append(len(places))
    return exact_mean(losses, rows, sum(rows))


def ratio(a, b):
    return f(0) if b == 0 else exact_mean([ONE], [a], b)


def argmax(numbers):
    best = 0
    for at, number in enumerate(numbers):
        if np.isnan(number):
            return at
        if number > numbers[best]:
            best = at
    return best


def macro_f1(counts):
    """`counts` has a row for each true class."""
    each = []
    for c in range(len(counts)):
        decided, of_class = sum(row[c] for row in counts), sum(counts[c])
        each.append(ratio(2 * counts[c][c], decided + of_class))
    return exact_mean(each, [1] * len(each), len(each))


def evaluate(network, x, targets):
    """The mean loss, and how often each class was taken for which."""
    losses, _ = network.head.loss_grad(network.forward(x)[-1], targets)
    weights, n = network.head.weight(targets), x.shape[1]
    y_hat, counts = network.predict(x), [[0] * 3 for _ in range(3)]
    for at in range(n):
        if targets[:, at].any():  # not ignored
            counts[argmax(targets[:, at])][argmax(y_hat[:, at])] += 1
    mean = exact_mean(losses, [1] * n, n) / exact_mean(weights, [1] * n, n)
    return mean, counts


def shuffled_epochs():
    labels = [[0, 1, 2, 255][n * n // 3 % 4] for n in range(64)]
    targets = np.float32([[label == c for label in labels] for c in range(3)])
    trainer = Trainer(mlp([16, 4, 3], WeightedCe([1, 2, 0.5])), [Adam(0.01)])
    random, digest = Random(1), Digest()
    order = random.permutation(64)
    for _ in range(10):
        random.shuffle(order)
        digest.add(epoch(trainer, ROWS, targets, order, 9))
    mean, counts = evaluate(trainer.network, ROWS, targets)
    digest.add_all([mean, macro_f1(counts)] + trainer.network.tensors())
    return digest.hash


CASES = {
    "heads": heads,
    "shuffled_epochs": shuffled_epochs,
    "groups": groups,
}
