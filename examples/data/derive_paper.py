"""Makes iris.bin, breast_cancer.bin and digits.bin from the files of scikit-learn.

    python3 derive_paper.py iris.csv breast_cancer.csv digits.csv.gz

README.md says where those come from and what the files hold. Needs Python alone.
"""

import csv
import gzip
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent


def floats(path):
    """A row is its numbers as little-endian f32, then a byte for the class."""
    with open(path, newline="", encoding="utf-8") as lines:
        (rows, features, *_), *records = csv.reader(lines)
    assert len(records) == int(rows)
    packed = b""
    for *numbers, label in records:
        assert len(numbers) == int(features)
        packed += struct.pack(f"<{features}fB", *map(float, numbers), int(label))
    return packed


def images(path):
    """A row is 64 pixels from 0 to 16, then the digit: a byte each."""
    packed = b""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for record in csv.reader(lines):
            numbers = [int(float(number)) for number in record]
            assert numbers == [float(number) for number in record]
            assert len(numbers) == 65 and max(numbers[:64]) <= 16 and numbers[64] <= 9
            packed += bytes(numbers)
    return packed


def main(iris, breast_cancer, digits):
    (HERE / "iris.bin").write_bytes(floats(iris))
    (HERE / "breast_cancer.bin").write_bytes(floats(breast_cancer))
    (HERE / "digits.bin").write_bytes(images(digits))


main(*sys.argv[1:])
