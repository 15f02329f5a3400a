"""Trains the network that a device starts with, and writes shuttle.safetensors.

    python3 train_shuttle.py shuttle.csv.gz

README.md says where the data come from. Needs torch and safetensors. The rows are those behind the
10,000 that the device sees.
"""

import gzip
import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent

# Rows 20,001 to 40,000 of the data set.
FIRST, COUNT = 20_000, 20_000

# A number is cut at so many standard deviations, as the device does.
LIMIT = 3.0


def main(path):
    with gzip.open(path, "rt") as lines:
        next(lines)
        rows = [[float(x) for x in line.split(",")] for line in lines][FIRST : FIRST + COUNT]
    data = torch.tensor(rows)
    x, y = data[:, :9], data[:, 9:]
    x = ((x - x.mean(0)) / x.std(0, unbiased=False)).clamp(-LIMIT, LIMIT)

    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Linear(9, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 1)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(3):
        for batch in torch.randperm(COUNT).split(64):
            loss = nn.functional.binary_cross_entropy_with_logits(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print(f"loss of the last batch {loss.item():.4f}")
    save_file(model.state_dict(), HERE / "shuttle.safetensors")


main(*sys.argv[1:])
