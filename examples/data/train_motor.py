"""Trains a network of PyTorch's to tell whether a motor vibrates, and writes motor.safetensors.

    python3 train_motor.py

Needs torch and safetensors. The data are made up: acceleration along x, y and z in g.
"""

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(1)
vibrates = (torch.rand(1000, 1) < 0.5).float()
rows = torch.tensor([0.0, 0.0, 1.0]) + torch.randn(1000, 3) * (0.05 + 0.5 * vibrates)

model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(300):
    loss = nn.functional.binary_cross_entropy_with_logits(model(rows), vibrates)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

probability = torch.sigmoid(model(torch.tensor([0.6, -0.5, 1.3])))
print(f"loss {loss.item():.4f}, probability {probability.item():.6f}")
save_file(model.state_dict(), "motor.safetensors")
