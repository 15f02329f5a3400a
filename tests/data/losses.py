"""Makes losses.json: losses and their gradients as PyTorch computes them in float64.

    python3 -m venv env && env/bin/pip install torch numpy
    env/bin/python tests/data/losses.py

heads: the loss of one sample, reduction none, or its mean over the outputs, and the gradient by the
logits z. batches: the mean loss of a batch through Linear(2, 4), Tanh, Linear(4, 3), and the
gradients of its tensors. All inputs and settings are floats of 32 bits, so that both compute the
same function. A class of -100 is ignored. NaN and infinities are strings.
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional

IGNORED = -100


def narrow(values):
    """The floats of 32 bits next to these numbers, as float64."""
    return numpy.asarray(values, dtype=numpy.float32).astype(numpy.float64)


WEIGHT = narrow([0.3, 1.0, 6.5])
POS_WEIGHT = narrow([0.4, 7.5, 2.0])
SMOOTHING = float(narrow(0.1))


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def cross_entropy(smoothing, weight=WEIGHT):
    """Of logits and class indices, or probabilities."""

    def loss(z, y, reduction):
        return functional.cross_entropy(
            z, y, tensor(weight), label_smoothing=smoothing, reduction=reduction
        )

    return loss


def bce(z, y, reduction):
    return functional.binary_cross_entropy_with_logits(
        z, y, tensor(WEIGHT), pos_weight=tensor(POS_WEIGHT), reduction=reduction
    )


def huber(delta):
    return lambda z, y, reduction: functional.huber_loss(z, y, reduction, delta)


def smooth_l1(beta):
    def loss(z, y, reduction):
        return functional.smooth_l1_loss(z, y, reduction=reduction, beta=beta)

    return loss


def l1(z, y, reduction):
    return functional.l1_loss(z, y, reduction=reduction)


REGRESSIONS = {
    "huber": huber(1.0),
    "huber_0_3": huber(float(narrow(0.3))),
    "smooth_l1": smooth_l1(1.0),
    "smooth_l1_0_3": smooth_l1(float(narrow(0.3))),
    "smooth_l1_0": smooth_l1(0.0),
    "l1": l1,
}


def sample(loss, z, y):
    """z, y, the loss of a sample and its gradient. For an index y the target is one-hot."""
    z = tensor(z)[None].requires_grad_()
    given = torch.tensor([y]) if isinstance(y, int) else tensor(y)[None]
    value = loss(z, given, "none").mean()
    (dz,) = torch.autograd.grad(value, z)
    target = one_hot(y) if isinstance(y, int) else list(y)
    return [z[0].tolist(), target, [value.item()], dz[0].tolist()]


def one_hot(y):
    return [float(y == k) for k in range(3)]


def heads(rng):
    """Logits from near 0 to saturated, targets at, near and far from the corners of the losses."""
    scales = [0.01, 0.3, 1.0, 3.0, 10.0, 30.0]
    logits = [narrow(rng.normal(size=3) * scale) for scale in scales for _ in range(3)]
    corners = narrow([[1.0, -1.0, 0.0], [0.3, -0.3, 1e-30], [1e20, -3e38, 2e-8], [9.0, 0.0, -0.0]])
    exact = [(z, numpy.zeros(3)) for z in corners]
    regression = [(z, narrow(rng.normal(size=3))) for z in logits] + exact
    classes = [(z, k % 3) for k, z in enumerate(logits)] + [(z, IGNORED) for z in logits[:4]]
    mixed = [(z, narrow([0.5, 0.25, 0.25])) for z in logits[::2]]
    binary = [(z, narrow(rng.integers(0, 2, 3))) for z in logits]
    binary += [(z, narrow(rng.random(3))) for z in logits[::2]]
    cases = {name: (loss, regression) for name, loss in REGRESSIONS.items()}
    cases["weighted_ce"] = (cross_entropy(0.0), classes + mixed)
    cases["weighted_ce_smooth"] = (cross_entropy(SMOOTHING), classes + mixed)
    cases["weighted_bce"] = (bce, binary)
    return {name: [sample(loss, z, y) for z, y in rows] for name, (loss, rows) in cases.items()}


def batch(loss, parameters, x, y, target):
    """The mean loss of a batch and the gradients, as Trainer::step takes them."""
    tensors = [tensor(p).requires_grad_() for p in parameters]
    w0, b0, w1, b1 = tensors
    z = functional.linear(torch.tanh(functional.linear(tensor(x), w0, b0)), w1, b1)
    value = loss(z, y, "mean")
    grads = torch.autograd.grad(value, tensors)
    return {"y": target, "loss": value.item(), "grads": [g.flatten().tolist() for g in grads]}


def batches(rng):
    shapes = [(4, 2), (4,), (3, 4), (3,)]
    parameters = [narrow(rng.normal(size=shape)) for shape in shapes]
    x = narrow(rng.normal(size=(37, 2)))
    labels = [int(k) for k in rng.integers(0, 3, 37)]
    ignoring = [IGNORED if k % 5 == 1 else label for k, label in enumerate(labels)]
    numbers = narrow(rng.normal(size=(37, 3)) * 2.0)
    binary = narrow(rng.integers(0, 2, (37, 3)))

    def classes(loss, labels):
        return batch(loss, parameters, x, torch.tensor(labels), [one_hot(k) for k in labels])

    def probabilities(loss, values):
        return batch(loss, parameters, x, tensor(values), [list(row) for row in values])

    ones = numpy.ones(3)
    found = {
        "weights": classes(cross_entropy(0.0), labels),
        "ignore_index": classes(cross_entropy(0.0), ignoring),
        "ignore_index_alone": classes(cross_entropy(0.0, ones), ignoring),
        "label_smoothing": classes(cross_entropy(SMOOTHING, ones), labels),
        "all": classes(cross_entropy(SMOOTHING), ignoring),
        "samples": probabilities(cross_entropy(SMOOTHING), [one_hot(k) for k in labels]),
        "weighted_bce": probabilities(bce, binary),
    }
    found |= {name: probabilities(loss, numbers) for name, loss in REGRESSIONS.items()}
    tensors = [p.flatten().tolist() for p in parameters]
    return {"parameters": tensors, "x": x.tolist(), "labels": ignoring, "cases": found}


def text(value):
    """JSON has no NaN and no infinities."""
    if isinstance(value, dict):
        return {key: text(of) for key, of in value.items()}
    if isinstance(value, list):
        return [text(of) for of in value]
    return str(value) if isinstance(value, float) and not numpy.isfinite(value) else value


def main():
    rng = numpy.random.default_rng(7)
    found = {
        "torch": torch.__version__.split("+")[0],
        "weight": WEIGHT.tolist(),
        "pos_weight": POS_WEIGHT.tolist(),
        "smoothing": SMOOTHING,
        "heads": heads(rng),
        "batches": batches(rng),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(text(found), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
