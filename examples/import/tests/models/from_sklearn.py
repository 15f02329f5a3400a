"""Models of skl2onnx."""

import warnings

import numpy as np
from recording import HERE, record, strip, uniform
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler


def export_sklearn(name, model, x, y, options=None, column=None, double=False):
    """Fits, exports with these options of each step, and compares these columns."""
    model.fit(x, y)
    kind = DoubleTensorType if double else FloatTensorType
    final = model.steps[-1][1] if hasattr(model, "steps") else model
    options = {id(final if step == "final" else step): value
               for step, value in (options or {}).items()}
    written = to_onnx(model, initial_types=[("x", kind([None, 4]))], options=options or None)
    path = HERE / f"{name}.onnx"
    path.write_bytes(written.SerializeToString(deterministic=True))
    strip(path)
    if not double:
        record(name, x[:6], column=column)


def mlp(activation="relu", kind=MLPClassifier):
    return kind(hidden_layer_sizes=(5, 3), activation=activation, max_iter=40, random_state=1)


def from_sklearn():
    warnings.simplefilter("ignore")
    x = uniform(80, 4, seed=3) * np.float32([1, 3, 0.5, 2]) + np.float32([0, 5, -1, 0])
    two = (x[:, 0] + x[:, 3] > 0).astype(int)
    three = np.digitize(x[:, 0] - x[:, 2], [0.3, 1.7])
    labels = np.stack([two, (x[:, 1] > 5).astype(int)], 1)
    numbers = x @ np.array([1.0, -0.5, 2.0, 0.1]) + 0.7
    both = np.stack([numbers, 1 - 2 * numbers], 1)
    second, bare = slice(1, 2), {"final": {"zipmap": False}}

    scaler = StandardScaler()
    divides = bare | {scaler: {"div": "div"}}
    for name, model, y, options, column in [
        ("binary", mlp(), two, None, second),
        ("binary_bare", mlp("tanh"), two, bare, second),
        ("classes", mlp("logistic"), three, None, None),
        ("classes_bare", mlp("identity"), three, bare, None),
        ("labels", mlp(), labels, bare, slice(2, 4)),
        ("regressor", mlp(kind=MLPRegressor), numbers, None, None),
        ("regressor2", mlp("tanh", MLPRegressor), both, None, None),
        ("pipeline", make_pipeline(StandardScaler(), mlp()), three, bare, None),
        ("pipeline_std", make_pipeline(StandardScaler(with_mean=False), mlp()), three, bare, None),
        ("pipeline_mean", make_pipeline(StandardScaler(with_std=False), mlp()), three, bare, None),
        ("pipeline_minmax", make_pipeline(MinMaxScaler(), mlp()), three, bare, None),
        ("pipeline_div", make_pipeline(scaler, mlp()), two, divides, second),
        ("logistic", LogisticRegression(), two, None, second),
        ("logistic_bare", LogisticRegression(), three, bare, None),
        ("logistic_classes", make_pipeline(StandardScaler(), LogisticRegression()), three, None,
         None),
        ("linear", LinearRegression(), numbers, None, None),
        ("linear2", LinearRegression(), both, None, None),
    ]:
        export_sklearn(f"sklearn_{name}", model, x, y, options, column)
    export_sklearn("refused_double", mlp(), x, two, bare, double=True)
