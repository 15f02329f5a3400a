"""The same rows, one by one, through two public libraries: what `learning` is held against.

    pip install scikit-learn==1.9.1 river==0.26.1
    python3 examples/shuttle/baseline.py

Each row is scaled by the running mean and variance with itself taken in, predicted, and learned then.
"""

import pathlib
import struct
import warnings

import river
import sklearn
from river import linear_model, preprocessing
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

DATA = pathlib.Path(__file__).parent.parent / "data" / "shuttle.bin"
SEEDS = range(1, 6)

# Those of `learning`.
LIMIT, LEARNING_RATE = 3.0, 5e-3


def numbers(data):
    """One byte each, or -128 and two."""
    at = 0
    while at < len(data):
        (n,) = struct.unpack_from("<b", data, at)
        if n == -128:
            (n,) = struct.unpack_from("<h", data, at + 1)
            at += 2
        at += 1
        yield n


def read():
    """Rows of 9 attributes, and whether each is an anomaly."""
    values = list(numbers(DATA.read_bytes()))
    rows = [values[at : at + 10] for at in range(0, len(values), 10)]
    return [row[:9] for row in rows], [row[9] for row in rows]


def scaled(rows):
    """Each row by the mean and variance up to it."""
    scaler = StandardScaler()
    return [scaler.partial_fit([row]).transform([row]) for row in rows]


def mlp(scaled_rows, targets, seed, **options):
    """scikit-learn's network of the same sizes; its defaults are ReLU, Adam and a rate of 0.001."""
    model = MLPClassifier(hidden_layer_sizes=(16, 8), random_state=seed, **options)
    scores = []
    for x, y in zip(scaled_rows, targets):
        scores.append(model.predict_proba(x)[0, 1] if scores else 0.5)
        model.partial_fit(x, [y], classes=[0, 1])
    return scores


def logistic(rows, targets):
    """river's StandardScaler | LogisticRegression with its defaults."""
    scaler, model = preprocessing.StandardScaler(), linear_model.LogisticRegression()
    scores = []
    for row, y in zip(rows, targets):
        x = dict(enumerate(row))
        scaler.learn_one(x)
        x = scaler.transform_one(x)
        scores.append(model.predict_proba_one(x)[True])
        model.learn_one(x, bool(y))
    return scores


def figures(targets, scores):
    """ROC AUC, then precision, recall and F1 at 0.5."""
    decisions = [score > 0.5 for score in scores]
    of_decisions = (precision_score, recall_score, f1_score)
    return [roc_auc_score(targets, scores)] + [
        score(targets, decisions, zero_division=0) for score in of_decisions
    ]


def show(name, values):
    print(f"{name:<36}" + "".join(f"{value:>10.4f}" for value in values), flush=True)


def show_mlp(name, scaled_rows, targets, **options):
    """The least and the most of each figure over the seeds."""
    runs = [figures(targets, mlp(scaled_rows, targets, seed, **options)) for seed in SEEDS]
    for extreme in (min, max):
        show(f"{name}, {extreme.__name__}", map(extreme, zip(*runs)))


def main():
    warnings.filterwarnings("ignore")
    rows, targets = read()
    print(f"{len(rows)} rows, {sum(targets)} anomalies")
    print(f"scikit-learn {sklearn.__version__}, river {river.__version__}")
    print(f"{'':<36}" + "".join(f"{name:>10}" for name in ("ROC AUC", "precision", "recall", "F1")))
    show("river LogisticRegression", figures(targets, logistic(rows, targets)))
    print(f"scikit-learn MLPClassifier, {len(SEEDS)} seeds")
    once = scaled(rows)
    show_mlp("  as it comes", once, targets)
    limited = [x.clip(-LIMIT, LIMIT) for x in once]
    show_mlp("  our limit and rate", limited, targets, learning_rate_init=LEARNING_RATE)


main()
