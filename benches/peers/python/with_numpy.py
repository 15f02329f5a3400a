"""numpy, written by hand: all large results go to arrays that are there already."""

import numpy as np


class Numpy:
    def __init__(self, problem):
        self.relu, self.x, self.y = problem.relu, problem.x, problem.y
        self.weights = [weight.copy() for weight in problem.weights]
        layers = [(problem.rows, width) for width in problem.widths[1:]]
        self.h1, self.h2, self.z = (np.empty(shape, np.float32) for shape in layers)
        self.d1, self.d2, self.d3 = (np.empty(shape, np.float32) for shape in layers)
        self.scale = np.float32(1 / problem.y.size)

    def logits(self):
        w1, w2, w3 = self.weights
        np.matmul(self.x, w1.T, out=self.h1)
        if self.relu:
            np.maximum(self.h1, 0, out=self.h1)
        np.matmul(self.h1, w2.T, out=self.h2)
        if self.relu:
            np.maximum(self.h2, 0, out=self.h2)
        np.matmul(self.h2, w3.T, out=self.z)

    def forward(self):
        self.logits()
        sigmoid(self.z, self.z)

    def step(self, rate):
        self.logits()
        (w1, w2, w3), d3, rate = self.weights, self.d3, np.float32(rate)
        # The loss of a logit is (1 - y) z - ln sigmoid(z).
        sigmoid(self.z, d3)
        self.loss = (((1 - self.y) * self.z).sum() - np.log(d3).sum()) * self.scale
        d3 -= self.y
        d3 *= self.scale
        np.matmul(d3, w3, out=self.d2)
        if self.relu:
            self.d2 *= self.h2 > 0
        np.matmul(self.d2, w2, out=self.d1)
        if self.relu:
            self.d1 *= self.h1 > 0
        w3 -= rate * (d3.T @ self.h2)
        w2 -= rate * (self.d2.T @ self.h1)
        w1 -= rate * (self.d1.T @ self.x)

    def outputs(self):
        return self.z

    def trained(self):
        return self.weights


def sigmoid(z, out):
    np.negative(z, out=out)
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)
