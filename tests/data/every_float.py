"""Computes the worst errors of every_float.md again, with 200 bits.

    python3 -m venv env && env/bin/pip install mpmath
    env/bin/python tests/data/every_float.py

The table has been made with f64. Here each worst float and what the crate gives for it are taken
from the table, the exact value is computed anew, and the error has to be the table's.
"""

import pathlib
import re
import struct

from mpmath import mp, mpf

mp.prec = 200

# What the table is rounded to, and a little.
ROUNDED = mpf("6e-7")
LEAST_NORMAL = mpf(2) ** -126


def number(bits):
    """The float of these bits, exactly."""
    (value,) = struct.unpack(">f", bytes.fromhex(bits))
    return mpf(value)


def ulp(exact):
    """One ulp of f32 of a number, or of the least normal float."""
    size = max(abs(exact), LEAST_NORMAL)
    exponent = int(mp.floor(mp.log(size, 2)))
    # A logarithm may be rounded up to an integer.
    while mpf(2) ** exponent > size:
        exponent -= 1
    return mpf(2) ** (exponent - 23)


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log1p(mp.exp(x))


def bce(z, y):
    return y * softplus(-z) + (1 - y) * softplus(z)


def gradient(z, y):
    """The derivative, and the larger of the two numbers that it is the difference of."""
    q, u = (sigmoid(z), y) if z < 0 else (sigmoid(-z), 1 - y)
    return sigmoid(z) - y, max(q, u)


FUNCTIONS = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "expm1, x <= 0": mp.expm1,
    "ln": mp.log,
    "ln_1p": mp.log1p,
    "tanh": mp.tanh,
    "sqrt": mp.sqrt,
    "sqrt in software": mp.sqrt,
    "sigmoid": sigmoid,
    "softplus": softplus,
}


def exact(name, x):
    """The exact value, and the number in whose ulp the error counts."""
    if name in FUNCTIONS:
        value = FUNCTIONS[name](x)
        return value, value
    kind, target = re.fullmatch(r"(bce|bce gradient), y = (\S+)", name).groups()
    (target,) = struct.unpack(">f", struct.pack(">f", float(target)))
    if kind == "bce":
        value = bce(x, mpf(target))
        return value, value
    return gradient(x, mpf(target))


def main():
    path = pathlib.Path(__file__).with_suffix(".md")
    rows = [line.strip("|\n ").split("|") for line in path.open() if line.startswith("|")][2:]
    for row in rows:
        name, _, ulps, _, at, result, *_ = (cell.strip() for cell in row)
        value, unit = exact(name, number(at))
        error = abs(number(result) - value) / ulp(unit)
        off = abs(error - mpf(ulps))
        print(f"{name}: {mp.nstr(error, 12)} ulp, {mp.nstr(off, 2)} from the table")
        assert off < ROUNDED, name
    print(f"all {len(rows)} are right")


if __name__ == "__main__":
    main()
