"""Figures of scikit-learn: python3 metrics.py > metrics.json"""

import json

import numpy as np
from sklearn import metrics
from sklearn.model_selection import KFold

rng = np.random.default_rng(2026)


def confusion(classes, n, right, present):
    y = rng.integers(0, present, n)
    decided = np.where(rng.random(n) < right, y, rng.integers(0, classes, n))
    every = {"labels": range(classes), "zero_division": 0}
    by_class = [
        f(y, decided, average=None, **every).tolist()
        for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)
    ]
    macro = [
        f(y, decided, average="macro", **every)
        for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)
    ]
    return {
        "true": y.tolist(),
        "decided": decided.tolist(),
        "matrix": metrics.confusion_matrix(y, decided, labels=range(classes)).tolist(),
        "accuracy": metrics.accuracy_score(y, decided),
        "by_class": by_class,
        "macro": macro,
    }


def regression(offset, spread, noise, n=200):
    y = (offset + spread * rng.standard_normal(n)).astype(np.float32)
    y_hat = (y + noise * rng.standard_normal(n)).astype(np.float32)
    a, b = y.astype(np.float64), y_hat.astype(np.float64)
    return {
        "y": y.astype(float).tolist(),
        "y_hat": y_hat.astype(float).tolist(),
        "mae": metrics.mean_absolute_error(a, b),
        "rmse": metrics.root_mean_squared_error(a, b),
        "r2": metrics.r2_score(a, b),
    }


def folds(samples, k):
    split = KFold(k).split(np.zeros(samples))
    parts = [[train.tolist(), test.tolist()] for train, test in split]
    return {"samples": samples, "k": k, "parts": parts}


print(
    json.dumps(
        {
            "confusion": [confusion(4, 300, 0.7, 4), confusion(4, 40, 0.5, 2)],
            "regression": [
                regression(0, 1, 0.3),
                regression(1e6, 1, 0.5),
                regression(-3, 1e-3, 1),
                regression(5e30, 1e30, 1e29),
            ],
            "folds": [folds(7, 3), folds(20, 5), folds(23, 4), folds(3, 3)],
        }
    )
)
