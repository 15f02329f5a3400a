"""What the server makes of the updates of a round, in order of devices.

Every operation is one of float64, + - * / or a square root, in the order that is written here;
`astype(float32)` rounds a weight once, at the end. `average.rs` has the same.
"""

import numpy as np


def wide(network):
    """The weights as float64."""
    return network.weights.astype(np.float64)


def mean(updates):
    """(0 + n_0 w_0 + n_1 w_1 + ...) / (n_0 + n_1 + ...), from left to right."""
    total = np.zeros(len(updates[0].network.weights))
    for update in updates:
        total = total + float(update.samples) * wide(update.network)
    return total / float(sum(update.samples for update in updates))


def median(updates):
    """The middle one, or half the sum of the two in the middle; a zero has no sign."""
    values = np.sort(np.stack([wide(update.network) for update in updates]), axis=0)
    middle = len(values) // 2
    if len(values) % 2 == 1:
        return values[middle] + 0.0
    return (values[middle - 1] + values[middle]) / 2.0 + 0.0


class Adam:
    """FedAdam: Adam on the difference between the mean and the network of all."""

    def __init__(self, eta, beta_1, beta_2, tau):
        self.eta, self.beta_1, self.beta_2, self.tau = eta, beta_1, beta_2, tau
        self.power_1, self.power_2 = beta_1, beta_2
        self.m = self.v = 0.0

    def __call__(self, network, updates):
        """The next weights."""
        weights = wide(network)
        d = mean(updates) - weights
        self.power_1, self.power_2 = self.power_1 * self.beta_1, self.power_2 * self.beta_2
        rate = self.eta * np.sqrt(1.0 - self.power_2) / (1.0 - self.power_1)
        self.m = self.beta_1 * self.m + (1.0 - self.beta_1) * d
        self.v = self.beta_2 * self.v + (1.0 - self.beta_2) * (d * d)
        return weights + rate * self.m / (np.sqrt(self.v) + self.tau)
