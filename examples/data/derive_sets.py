"""Data sets of Python packages as files of the examples:
pip install mnist1d==0.0.2.post1 scikit-learn==1.9.1; python3 derive_sets.py
"""

import hashlib
import pathlib

import numpy as np
from mnist1d.data import get_dataset_args, make_dataset
from sklearn.datasets import load_diabetes

HERE = pathlib.Path(__file__).parent


def write(name, content):
    (HERE / name).write_bytes(content)
    print(name, len(content), hashlib.sha256(content).hexdigest())


# 4000 rows to learn from, then 1000 to test with: 40 little-endian f32 and a byte for the class.
digits = make_dataset(get_dataset_args())
rows = np.concatenate([digits["x"], digits["x_test"]]).astype("<f4")
labels = np.concatenate([digits["y"], digits["y_test"]]).astype(np.uint8)
write("../mnist1d/mnist1d.bin", b"".join(x.tobytes() + bytes([y]) for x, y in zip(rows, labels)))

# Ten numbers of a patient and the progression of the disease a year later.
patients = load_diabetes(scaled=False)
lines = [",".join(patients.feature_names + ["progression"])]
for row, target in zip(patients.data, patients.target):
    lines.append(",".join(f"{number:.7g}" for number in [*row, target]))
write("diabetes.csv", ("\n".join(lines) + "\n").encode())
