"""The record of tests/record/golden.rs, built from the documented layout alone.

    python3 tests/data/record.py
"""

import struct
import zlib

NETWORK = "Linear weight[2,2] bias[2]\nRelu\nLinear weight[1,2] bias[1]\nSigmoidBce\n"
CONTENTS = (
    "Learner{"
    "online:Training{"
    "network:Network[9]f32,"
    "optimizer:Sgd{lr:f32,momentum:f32,dampening:f32,nesterov:bool},"
    "guard:Guard{max_norm:f32bits,max_weight:f32bits},"
    "shared:bool,"
    "state:[9]f32},"
    "normalizer:Normalizer{mean:[2]f64,rest:[2]f64,variance:[2]f64,count:f64,forget:f64},"
    "random:Random{state:u64},"
    "position:u32}"
)


def single(x):
    """The float nearest to x."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


def normalizer(rows, forget):
    """Mean, what rounding took from it, variance and count, after these rows."""
    mean, rest, variance, count = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], 0.0
    for row in rows:
        count += 1.0 - forget * count
        r = 1.0 / count
        kept = 1.0 - r
        for n, x in enumerate(row):
            d = single(x) - mean[n]
            step = r * d
            variance[n] = kept * (variance[n] + step * d)
            step += rest[n]
            before = mean[n]
            mean[n] += step
            rest[n] = step - (mean[n] - before)
    return mean + rest + variance + [count, forget]


def random_state(seed):
    """PCG's state after its first step."""
    increment = (0x0A02BDBF7BB3C0A7 << 1 | 1) & (2**64 - 1)
    return ((seed + increment) * 6364136223846793005 + increment) & (2**64 - 1)


numbers = struct.pack("<9f", 0.5, -0.25, 1.5, 2.0, 0.125, -1.0, -0.75, 0.0625, 3.0)
numbers += struct.pack("<3f?", 0.1, 0.9, 0.5, False)
numbers += struct.pack("<2f", float("inf"), 2.0**20)
numbers += struct.pack("<?9f", True, 0.25, 0.5, 0.75, 1.0, -2.0, 4.0, 8.0, -16.0, 32.0)
numbers += struct.pack("<8d", *normalizer([[0.1, 0.5], [0.7, 20.0], [0.3, -1e-7]], 0.5))
numbers += struct.pack("<QI", random_state(7), 0x01020304)

length = 28 + len(numbers) + 4
header = b"STKP" + struct.pack(
    "<IIIIQ",
    1,
    length,
    zlib.crc32(NETWORK.encode()),
    zlib.crc32(CONTENTS.encode()),
    0x0A0B0C0D0E0F,
)
record = header + numbers
record += struct.pack("<I", zlib.crc32(record))
for start in range(0, len(record), 32):
    print(record[start : start + 32].hex())
