"""Makes more_trajectories.json: training with PyTorch's optimisers in float64.

    python3 -m venv env && env/bin/pip install torch numpy
    env/bin/python tests/data/more_trajectories.py

"nets": 100 steps with all rows of notebook.json and net16.json. losses[k] is the loss before step
k + 1, losses[100] that after the last. "final" are the last parameters of the network, in the order
of model.parameters(). "f32" has the largest distance of PyTorch's float32 run from them, in the
losses and in all parameters.

"long": one parameter, 10,000 steps, and a gradient that does not depend on it: that of step k is
gradient(k). "w" is the parameter after every 500 steps, "f32" PyTorch's distance.
"""

import json
import pathlib

import torch
from torch.nn import functional

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).parent
LAYERS = [("w1", "b1"), ("w2", "b2"), ("w3", "b3")]
STEPS, LONG, EVERY = 100, 10_000, 500

SETTINGS = {
    "adamw_amsgrad": ("AdamW", {"lr": 0.01, "amsgrad": True}),
    "rmsprop_momentum": ("RMSprop", {"lr": 0.0003, "alpha": 0.9, "eps": 1e-4, "momentum": 0.9}),
    "rmsprop_centered": ("RMSprop", {"lr": 0.0005, "alpha": 0.9, "eps": 2e-3, "centered": True}),
    "rmsprop_all": (
        "RMSprop",
        {
            "lr": 0.0003,
            "alpha": 0.9,
            "eps": 1e-3,
            "centered": True,
            "momentum": 0.9,
            "weight_decay": 0.01,
        },
    ),
    "adagrad": ("Adagrad", {"lr": 0.01}),
    "adagrad_all": (
        "Adagrad",
        {"lr": 0.05, "lr_decay": 0.1, "weight_decay": 0.01, "initial_accumulator_value": 0.1},
    ),
    "nadam": ("NAdam", {"lr": 0.002}),
    "nadam_fast": ("NAdam", {"lr": 0.002, "betas": (0.8, 0.99), "momentum_decay": 0.5}),
    "nadam_wd": ("NAdam", {"lr": 0.002, "eps": 1e-5, "weight_decay": 0.01}),
    "nadam_decoupled": (
        "NAdam",
        {"lr": 0.002, "weight_decay": 0.01, "decoupled_weight_decay": True},
    ),
}

LONG_SETTINGS = {
    "adam": ("Adam", {"lr": 0.001}),
    "nadam": ("NAdam", {"lr": 0.001}),
    "nadam_fast": ("NAdam", {"lr": 0.001, "betas": (0.99, 0.999), "momentum_decay": 0.5}),
    "rmsprop": ("RMSprop", {"lr": 0.001}),
    "rmsprop_centered": ("RMSprop", {"lr": 0.001, "centered": True}),
    "rmsprop_all": ("RMSprop", {"lr": 0.001, "centered": True, "momentum": 0.9}),
    "adagrad": ("Adagrad", {"lr": 0.001}),
}


class Net:
    """Three layers with weights as in the file, ReLU between them if asked for."""

    def __init__(self, weights, relu, dtype):
        self.relu = relu
        tensor = lambda name: torch.tensor(weights[name], dtype=dtype, requires_grad=True)
        self.layers = [
            (tensor(w), tensor(b) if b in weights else None) for w, b in LAYERS
        ]

    def parameters(self):
        return [p for layer in self.layers for p in layer if p is not None]

    def flat(self):
        return torch.cat([p.detach().double().ravel() for p in self.parameters()])

    def loss(self, x, y):
        for n, (w, b) in enumerate(self.layers):
            x = functional.linear(x, w, b)
            if self.relu and n < 2:
                x = torch.relu(x)
        return functional.binary_cross_entropy_with_logits(x, y)


def optimizer(kind, arguments, parameters):
    return getattr(torch.optim, kind)(parameters, foreach=False, **arguments)


def train(file, relu, kind, arguments, dtype):
    """The losses and all parameters."""
    net = Net(file["weights"], relu, dtype)
    x, y = (torch.tensor(file[key], dtype=dtype) for key in "XY")
    steps = optimizer(kind, arguments, net.parameters())
    losses = []
    for _ in range(STEPS):
        steps.zero_grad()
        loss = net.loss(x, y)
        loss.backward()
        losses.append(loss.item())
        steps.step()
    losses.append(net.loss(x, y).item())
    return torch.tensor(losses, dtype=torch.float64), net.flat()


def gradient(k):
    """A multiple of 2^-11 from -1 to 1 that looks random, the same in both precisions."""
    return (k * 2654435761 % 2**32 >> 20) / 2048.0 - 1.0


def long(kind, arguments, dtype):
    w = torch.zeros(1, dtype=dtype, requires_grad=True)
    steps = optimizer(kind, arguments, [w])
    values = []
    for k in range(1, LONG + 1):
        w.grad = torch.tensor([gradient(k)], dtype=dtype)
        steps.step()
        if k % EVERY == 0:
            values.append(w.item())
    return torch.tensor(values, dtype=torch.float64)


def distance(a, b):
    return float(f"{(a - b).abs().max().item():.2e}")


def text(numbers):
    """To 11 places, far below an ulp of an f32 here."""
    return "[" + ",".join(f"{n:.11f}".rstrip("0") for n in numbers.tolist()) + "]"


def trajectories(file, relu, last):
    lines = []
    for name, (kind, arguments) in SETTINGS.items():
        losses, final = train(file, relu, kind, arguments, torch.float64)
        losses32, final32 = train(file, relu, kind, arguments, torch.float32)
        f32 = {"losses": distance(losses32, losses), "final": distance(final32, final)}
        print(name, f32, losses[0].item(), losses[-1].item())
        assert f32["final"] < 1e-4, "too chaotic to be a reference"
        lines.append(
            f'"{name}":{{"f32":{json.dumps(f32)},"losses":{text(losses)},\n'
            f'"final":{text(final[-last:])}}}'
        )
    return "{\n" + ",\n".join(lines) + "}"


def main():
    notebook, net16 = (json.loads((HERE / f"{n}.json").read_text()) for n in ("notebook", "net16"))
    nets = {
        "linear": trajectories(notebook, False, 22),
        "book": trajectories(notebook, True, 22),
        "n16": trajectories(net16, True, 84),
    }
    runs = []
    for name, (kind, arguments) in LONG_SETTINGS.items():
        w = long(kind, arguments, torch.float64)
        f32 = distance(long(kind, arguments, torch.float32), w)
        print("long", name, f32, w[-1].item())
        runs.append(f'"{name}":{{"f32":{f32},"w":{text(w)}}}')
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(
        f'{{"torch":"{torch.__version__.split("+")[0]}","nets":{{\n'
        + ",\n".join(f'"{name}":{runs}' for name, runs in nets.items())
        + '},\n"long":{\n'
        + ",\n".join(runs)
        + "}}\n"
    )


if __name__ == "__main__":
    main()
