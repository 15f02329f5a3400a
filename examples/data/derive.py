"""Makes activity.bin and shuttle.bin from the data sets as their packages hold them.

    python3 derive.py BasicMotions_TRAIN.ts BasicMotions_TEST.ts shuttle.csv.gz

README.md says where those come from and what the files hold. Needs Python alone.
"""

import gzip
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent

# Half a step is 0.001 of the sensors' units; the largest value, 34.9, stays below 2^15 / 512 = 64.
STEPS_PER_UNIT = 512

# The rows of the example in river's documentation of the data set.
SHUTTLE_ROWS = 10_000

# The byte before a value that does not fit into one.
ESCAPE = struct.pack("<b", -128)


def windows(path):
    """(class name, 6 channels of 100 samples) of each line of a .ts file."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith(("#", "@")):
                *channels, name = line.strip().split(":")
                yield name, [[float(x) for x in c.split(",")] for c in channels]


def window(name, channels):
    """Class, then the samples channel by channel."""
    classes = ["Standing", "Running", "Walking", "Badminton"]
    steps = [round(x * STEPS_PER_UNIT) for channel in channels for x in channel]
    assert len(channels) == 6 and len(steps) == 600
    return struct.pack("<B600h", classes.index(name), *steps)


def number(n):
    """One byte, or the escape and two."""
    return struct.pack("<b", n) if -128 < n < 128 else ESCAPE + struct.pack("<h", n)


def main(train, test, shuttle):
    records = [window(*w) for path in (train, test) for w in windows(path)]
    (HERE / "activity.bin").write_bytes(b"".join(records))
    with gzip.open(shuttle, "rt") as lines:
        next(lines)
        rows = [next(lines) for _ in range(SHUTTLE_ROWS)]
    numbers = [int(n) for row in rows for n in row.split(",")]
    assert len(numbers) == 10 * SHUTTLE_ROWS
    (HERE / "shuttle.bin").write_bytes(b"".join(map(number, numbers)))


main(*sys.argv[1:])
