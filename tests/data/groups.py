"""Makes groups.json: parameter groups, frozen layers and clipping as PyTorch computes them.

    python3 -m venv env && env/bin/pip install torch numpy
    env/bin/python tests/data/groups.py

A network nn.Sequential(Linear(3, 4), Tanh(), Linear(4, 2)) with the mean squared error takes full
batches of 8 rows: 50 steps in float64, the exact values of the test, and in float32. x, y and the
start are floats of 32 bits. Where a case freezes, the first layer has no gradient in the steps from
`freeze` to before `thaw`, so PyTorch passes over it. `max_norm` is the limit of clip_grad_norm_,
without the 1e-6 that it adds to the length.
"""

import json
import pathlib

import torch
from torch import nn

STEPS = 50


def kinds(model, weights, biases):
    """A group of weights and a group of biases."""
    named = list(model.named_parameters())
    return [
        {"params": [p for name, p in named if name.endswith("weight")], **weights},
        {"params": [p for name, p in named if name.endswith("bias")], **biases},
    ]


def layers(model, first, last):
    """A group for each layer."""
    return [
        {"params": list(model[0].parameters()), **first},
        {"params": list(model[2].parameters()), **last},
    ]


def decay_of_weights(model):
    decays = kinds(model, {"weight_decay": 0.1}, {"weight_decay": 0.0})
    return torch.optim.AdamW(decays, lr=0.02)


def rate_of_biases(model):
    return torch.optim.SGD(kinds(model, {"lr": 0.05}, {"lr": 0.2}))


def rate_of_layers(model):
    return torch.optim.SGD(layers(model, {"lr": 0.02}, {"lr": 0.1}), momentum=0.9)


def adam(model):
    return torch.optim.Adam(layers(model, {"lr": 0.02}, {"lr": 0.01}))


def momentum(model):
    rates = layers(model, {"lr": 0.05}, {"lr": 0.02})
    return torch.optim.SGD(rates, momentum=0.9, dampening=0.5, weight_decay=0.01)


# The name, the optimiser, the steps in which the first layer is frozen, and max_norm.
CASES = [
    ("decay_of_weights", decay_of_weights, (0, 0), None),
    ("rate_of_biases", rate_of_biases, (0, 0), None),
    ("rate_of_layers", rate_of_layers, (0, 0), None),
    ("adam_frozen_first", adam, (0, 20), None),
    ("adam_frozen", adam, (10, 30), None),
    ("adam_frozen_clipped", adam, (10, 30), 0.25),
    ("momentum_frozen_first", momentum, (0, 20), None),
    ("momentum_frozen", momentum, (10, 30), None),
    ("momentum_frozen_clipped", momentum, (10, 30), 0.25),
]


def clip(model, max_norm):
    """clip_grad_norm_ without its 1e-6."""
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = nn.utils.get_total_norm(grads)
    if norm > max_norm:
        for grad in grads:
            grad *= max_norm / norm


def flat(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()]).double()


def trained(start, x, y, case, dtype):
    """The losses before each step, and the parameters after the last."""
    _, optimizer, (freeze, thaw), max_norm = case
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(dtype)
    model.load_state_dict(start)
    x, y = x.to(dtype), y.to(dtype)
    optimizer = optimizer(model)
    losses = []
    for step in range(STEPS):
        model[0].requires_grad_(not freeze <= step < thaw)
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        if max_norm is not None:
            clip(model, max_norm)
        optimizer.step()
        losses.append(loss.item())
    return losses, flat(model)


def main():
    torch.manual_seed(1)
    start = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    x, y = torch.randn(8, 3), torch.randn(8, 2)
    cases = []
    for case in CASES:
        name, _, (freeze, thaw), max_norm = case
        losses, final = trained(start.state_dict(), x, y, case, torch.float64)
        losses32, final32 = trained(start.state_dict(), x, y, case, torch.float32)
        off = max(abs(a - b) for a, b in zip(losses, losses32))
        lines = [
            f'      "freeze": {freeze}, "thaw": {thaw}, "max_norm": {json.dumps(max_norm)}',
            f'      "losses": {json.dumps(losses)}',
            f'      "final": {json.dumps(final.tolist())}',
            f'      "losses_f32_off": {off}',
            f'      "final_f32_off": {(final - final32).abs().max().item()}',
        ]
        cases.append(f'    "{name}": {{\n' + ",\n".join(lines) + "\n    }")
    lines = [
        f'  "torch": "{torch.__version__}"',
        f'  "x": {json.dumps(x.double().tolist())}',
        f'  "y": {json.dumps(y.double().tolist())}',
        f'  "start": {json.dumps(flat(start).tolist())}',
        '  "cases": {\n' + ",\n".join(cases) + "\n  }",
    ]
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
