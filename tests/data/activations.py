"""Makes activations.json: the activations and their gradients as PyTorch computes them.

    python3 -m venv env && env/bin/pip install torch numpy
    env/bin/python tests/data/activations.py

y = f(x) and dx = the gradient of sum(dy y), of each number of x: in float64, the exact values of
the test, and in float32, for the special values. x, dy and the slopes are floats of 32 bits, so
that both compute the same function. NaN and infinities are strings.
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional

# A power of two, so that dx has the error of the slope in ulp; negative, so that a lost sign shows.
DY = -2.0

F32 = numpy.float32


def slope(value):
    """The float of 32 bits next to a number."""
    return float(F32(value))


FUNCTIONS = {
    "relu": functional.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, slope(0.01)),
    "leaky_relu_1_5": lambda x: functional.leaky_relu(x, slope(0.2)),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
    "elu": functional.elu,
    "elu_half": lambda x: functional.elu(x, 0.5),
    "hardtanh": functional.hardtanh,
    "hardtanh_wide": lambda x: functional.hardtanh(x, -0.5, 2.0),
}


def inputs():
    """NaN first: PyTorch computes the last numbers of a tensor one by one, and there its gradients
    of ELU and Hardtanh let NaN through, unlike its loop over vectors."""
    limits = [0.5, 1.0, 2.0]
    beside = [numpy.nextafter(F32(x), F32(to)) for x in limits for to in (0.0, 3.0)]
    sizes = [1e-45, 1e-38, 1e-30, 1e-8, 1e-4, 0.1, 0.3, 0.34657, 0.75, 1.5, 3.0, 5.0, 9.0]
    sizes += [17.5, 20.0, 20.5, 50.0, 87.3, 88.0, 100.0, 3e38, numpy.inf, 0.0]
    positive = [*limits, *beside, *sizes]
    return [float(F32(x)) for x in [numpy.nan, *positive, *(-F32(x) for x in positive)]]


def computed(function, x, dtype):
    """y and dx in this precision."""
    x = torch.tensor(x, dtype=dtype, requires_grad=True)
    y = function(x)
    (dx,) = torch.autograd.grad(y, x, torch.full_like(y, DY))
    return y.tolist(), dx.tolist()


def text(numbers):
    """The numbers as a line of JSON, which has no NaN and no infinities."""
    finite = [n if numpy.isfinite(n) else str(n) for n in numbers]
    return json.dumps(finite)


def main():
    x = inputs()
    functions = []
    for name, function in FUNCTIONS.items():
        y, dx = computed(function, x, torch.float64)
        y32, dx32 = computed(function, x, torch.float32)
        columns = {"y": y, "dx": dx, "y_f32": y32, "dx_f32": dx32}
        lines = ",\n".join(f'      "{key}": {text(of)}' for key, of in columns.items())
        functions.append(f'    "{name}": {{\n{lines}\n    }}')
    lines = [
        f'  "torch": "{torch.__version__}"',
        f'  "dy": {DY}',
        f'  "x": {text(x)}',
        '  "functions": {\n' + ",\n".join(functions) + "\n  }",
    ]
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
