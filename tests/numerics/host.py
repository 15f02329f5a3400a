"""The cases of `tests/digests/host.rs`, some of them in binary64."""

import numpy as np
from cases import ROWS
from floats import HALF, ONE, ZERO, Digest, bits, f, of_bits, where, zeros
from functions import ln, ln_1p
from sums import exact_mean

PI = of_bits(0x40490FDB)
HALF_PI = np.uint64(0x3FF921FB54442D18).view(np.float64)
C = np.float64(
    [-0.499999997251031003120, 0.0416666233237390631894, -0.00138867637746099294692,
     0.0000243904487962774090654]
)
S = np.float64(
    [-0.166666666416265235595, 0.0083333293858894631756, -0.000198393348360966317347,
     0.0000027183114939898219064]
)
D0, D1, D2, D_HALF = np.float64(0), np.float64(1), np.float64(2), np.float64(0.5)
LN_2 = np.uint64(0x3FE62E42FEFA39EF).view(np.float64)
LARGEST = of_bits(0x7F7FFFFF)


def step_lr(lr, epoch, step_size, gamma):
    power, rate, square = epoch // step_size, f(lr), f(gamma)
    while power > 0:
        if power % 2 == 1:
            rate = rate * square
        square = square * square
        power //= 2
    return rate


def cos_part(x):
    z = x * x
    w = z * z
    return f(((D1 + z * C[0]) + w * C[1]) + (w * z) * (C[2] + z * C[3]))


def sin_part(x):
    z = x * x
    w, u = z * z, z * x
    return f((x + u * (S[0] + z * S[1])) + u * w * (S[2] + z * S[3]))


def cos(angle):
    x, b = np.float64(angle), int(bits(angle))
    if b < 0x39800000:
        return ONE
    if b <= 0x3F490FDA:
        return cos_part(x)
    if b <= 0x4016CBE3:
        return sin_part(HALF_PI - x)
    return -cos_part(x - D2 * HALF_PI)


def cosine_annealing_lr(lr, epoch, epochs, least):
    lr, least = f(lr), f(least)
    if epoch >= epochs:
        return least
    angle = PI * (f(epoch) / f(epochs))
    return least + (lr - least) * HALF * (ONE + cos(angle))


def schedules():
    digest = Digest()
    for epoch in range(500):
        digest.add(step_lr(0.3, epoch, 7, 0.9))
        digest.add(cosine_annealing_lr(0.3, epoch, 450, 0.01))
        digest.add(cosine_annealing_lr(0.3, 1, 10 * epoch * epoch + 1, 0.01))
    return digest.hash


def forget(half_life):
    t, halvings = LN_2 / np.float64(f(half_life)), 0
    while t > D_HALF:
        t, halvings = t * D_HALF, halvings + 1
    p = D1
    for k in range(16, 1, -1):
        p = D1 - t / np.float64(k) * p
    p = p * t
    for _ in range(halvings):
        p = p * (D2 - p)
    return p


class Normalizer:
    def __init__(self, columns, half_life=None):
        self.mean, self.rest, self.variance = np.zeros((3, columns), np.float64)
        self.count = D0
        self.forget = D0 if half_life is None else forget(half_life)

    def observe(self, row):
        self.count = self.count + (D1 - self.forget * self.count)
        r = D1 / self.count
        kept = D1 - r
        d = row.astype(np.float64) - self.mean
        step = r * d
        self.variance = kept * (self.variance + step * d)
        step = step + self.rest
        before = self.mean
        self.mean = self.mean + step
        self.rest = step - (self.mean - before)

    def roots(self):
        """Of each column root and unit."""
        narrow = self.variance.astype(np.float32)
        normal = (narrow >= of_bits(0x00800000)) & (narrow <= LARGEST)
        unit = np.where(self.variance > D1, np.float64(2.0**-100), np.float64(2.0**100))
        wide = (self.variance * unit * unit).astype(np.float32)
        root = where(normal, np.sqrt(narrow), np.sqrt(wide))
        return root, np.where(normal, ONE, unit.astype(np.float32))

    def scale(self, row):
        d = row.astype(np.float64) - self.mean
        root, unit = self.roots()
        wide = (d * unit.astype(np.float64) / root.astype(np.float64)).astype(np.float32)
        y = where(unit == ONE, d.astype(np.float32) / root, wide)
        return where(root == ZERO, row * ZERO + ZERO, y)


def normalizer():
    digest = Digest()
    for normalizer in [Normalizer(5), Normalizer(5, half_life=5.5)]:
        for a, b in ROWS[:2].T:
            row = [a, f(1e3) + f(0.1) * b, f(7), f(3e38) * (a / f(4)), f(1e-30) * b]
            normalizer.observe(np.array(row, np.float32))
            digest.add(normalizer.scale(np.array([b, 1e3, 7, -1e38, 1e-30], np.float32)))
        root, unit = normalizer.roots()
        deviation = root / unit
        digest.add_all([deviation, normalizer.mean.astype(np.float32)])
        digest.add(where(deviation > ZERO, deviation, LARGEST))
    return digest.hash


def element(p, y):
    def clamped(x):
        return where(x < f(-100), f(-100), x)

    return ZERO - (y * clamped(ln(p)) + (ONE - y) * clamped(ln_1p(ZERO - p)))


def bce():
    digest = Digest()
    p = np.float32([n % 13 for n in range(60)]) / f(12)
    y = np.float32([n % 5 for n in range(60)]) / f(4)
    each = element(p, y)
    for count, factor in [(60, ONE / f(60)), (1, ONE)]:
        digest.add(exact_mean(each, [1] * 60, count))
        below = p * (ONE - p)
        digest.add((p - y) / where(below < f(1e-12), f(1e-12), below) * factor)
    digest.add(each)
    return digest.hash


CASES = {"host_schedules": schedules, "host_normalizer": normalizer, "host_bce_loss": bce}
