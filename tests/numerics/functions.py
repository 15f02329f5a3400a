"""The elementary functions: the page `contract::functions`. Each takes and gives arrays."""

import numpy as np
from floats import HALF, INF, NAN, ONE, TWO, ZERO, bits, f, floats, magnitude, of_bits, where

LOG2_E = of_bits(0x3FB8AA3B)
MINUS_LOG2_E = of_bits(0xBFB8AA3B)
LN2_HIGH = of_bits(0x3F318000)
LN2_LOW = of_bits(0x395E8083)
ROUND_TO_INT = of_bits(0x4B400000)
ROUND_TO_EXPONENT = of_bits(0x4B40007F)
EXPM1_BIAS = of_bits(0x4B40007E)
Q = [of_bits(b) for b in (0x3EFFFFFE, 0x3E2AAA46, 0x3D2AAC2C, 0x3C091EF0, 0x3AB563A7)]
P = [of_bits(b) for b in (0x3F2AAA81, 0x3ECCE8E6, 0x3E8F6020, 0x3E8F650C)]
MIN = of_bits(0xC2AEAC4F)
MINUS_MIN = of_bits(0x42AEAC4F)
MAX = of_bits(0x42B17217)
SQRT_HALF = 0x3F3504F3
EXPM1_LINEAR = of_bits(0x33000000)
TANH_LINEAR = of_bits(0x39800000)
SATURATED = of_bits(0x41200000)
SIGMOID_ONE = of_bits(0x41C00000)
TWENTY = of_bits(0x41A00000)
TWO_23 = of_bits(0x4B000000)
TWENTY_THREE = of_bits(0x41B80000)
LEAST_NORMAL = of_bits(0x00800000)


def power_of_two(x):
    return floats(bits(x) << np.uint32(23))


def times_power(y, x):
    return floats(bits(y) + (bits(x) << np.uint32(23)))


def frexp(x):
    n = bits(x).view(np.int32)
    k = (n - np.int32(SQRT_HALF)) >> np.int32(23)
    m = floats((n - (k << np.int32(23))).view(np.uint32))
    return m, k.astype(np.float32)


def tail(r):
    square = r * r
    high = (Q[2] + r * Q[3]) + square * Q[4]
    return r + square * ((Q[0] + r * Q[1]) + square * high)


def exp_parts(x, bias):
    rounded = x * LOG2_E + bias
    n = rounded - bias
    r = (x - n * LN2_HIGH) + n * LN2_LOW
    return tail(r), rounded


def exp_neg_parts(x):
    rounded = x * MINUS_LOG2_E + ROUND_TO_EXPONENT
    n = ROUND_TO_EXPONENT - rounded
    r = (n * LN2_HIGH - x) - n * LN2_LOW
    return tail(r), power_of_two(rounded)


def exp_neg(x):
    t, s = exp_neg_parts(x)
    y = (ONE + t) * s
    large = where(TWENTY < x, ZERO, y)
    return where(MINUS_MIN < x, ZERO, y), large


def exp(x):
    t, rounded = exp_parts(x, ROUND_TO_INT)
    y = times_power(ONE + t, rounded)
    y = where(x < MIN, ZERO, y)
    return where(x <= MAX, y, x + INF)


def expm1(x):
    t, rounded = exp_parts(x, EXPM1_BIAS)
    half = power_of_two(rounded)
    halved = (half - HALF) + half * t
    y = where(x < MIN, f(-1), halved + halved)
    y = where(MAX < x, INF, y)
    return where(magnitude(x) < EXPM1_LINEAR, x, y)


def from_parts(g, k, rest):
    s = g / (TWO + g)
    w = s * s
    series = w * (P[0] + w * (P[1] + w * (P[2] + w * P[3])))
    correction = s * (g - series) + (k * LN2_LOW - rest)
    return k * LN2_HIGH + (g - correction)


def specials(x, y):
    y = where(x < INF, y, x)
    return where(ZERO < x, y, where(ZERO <= x, -INF, NAN))


def ln(x):
    normal = where(x < LEAST_NORMAL, x * TWO_23, x)
    shift = where(x < LEAST_NORMAL, TWENTY_THREE, ZERO)
    m, k = frexp(normal)
    return specials(x, from_parts(m - ONE, k - shift, ZERO))


def ln_1p(x):
    u = ONE + x
    m, k = frexp(u)
    lost = where(x < ONE, x - (u - ONE), ONE - (u - x)) / u
    g = where(k == ZERO, x, m - ONE)
    rest = where(k == ZERO, ZERO, lost)
    return specials(u, from_parts(g, k, rest))


def ln_1p_lack(e):
    s = e / (TWO + e)
    w = s * s
    return s * (e - w * ((P[0] + w * P[1]) + (w * w) * (P[2] + w * P[3])))


def sigmoid(x):
    t, s = exp_neg_parts(x)
    total = ONE + s
    lost = ONE - (total - s)
    y = ONE / (total + (lost + s * t))
    y = where(x < MIN, ZERO, y)
    return where(SIGMOID_ONE < x, ONE, y)


def tanh(x):
    a = magnitude(x)
    t, s = exp_neg_parts(a + a)
    st = s * t
    size = ((ONE - s) - st) / ((ONE + s) + st)
    size = where(SATURATED < a, ONE, size)
    signed = where(x < ZERO, ZERO - size, size)
    return where(a < TANH_LINEAR, x, signed)


def softplus(x):
    e, large = exp_neg(magnitude(x))
    most = where(x < ZERO, ZERO, x)
    return e + (most - ln_1p_lack(large))


def bce_from_shares(z, positive, negative, total):
    a = magnitude(z)
    e, large = exp_neg(a)
    q = total * (e / (ONE + e))
    u = where(z < ZERO, positive, negative)
    dz = where(z < ZERO, q - u, u - q)
    wrong = where(magnitude(u) <= ZERO, ZERO, a * u)
    loss = total * e + (wrong - total * ln_1p_lack(large))
    return loss, dz


def bce_with_logits_grad(z, y):
    return bce_from_shares(z, y, ONE - y, ONE)
