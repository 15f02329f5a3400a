"""Model files without what describes them, and the record of their outputs."""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).parent
RECORD = HERE / "outputs.json"


def strip(path, external=False):
    """Removes what only describes a model: the exporter's stack traces would name its machine."""
    model = onnx.load(path, load_external_data=not external)
    model.doc_string = ""
    for item in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output,
                 *model.graph.value_info, *model.graph.initializer]:
        item.doc_string = ""
        if hasattr(item, "metadata_props"):
            del item.metadata_props[:]
    del model.functions[:]
    path.write_bytes(model.SerializeToString(deterministic=True))


def record(name, rows, output=-1, feed=None, column=None):
    """Runs the model on `rows`, or on `feed` where its input is not a batch of rows."""
    path, providers = HERE / f"{name}.onnx", ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path, providers=providers)
    x = session.get_inputs()[0].name
    batches = [rows] if feed is None else feed
    outputs = [np.asarray(session.run(None, {x: batch})[output]) for batch in batches]
    if outputs[0].dtype == object:
        outputs = [np.array([[row[key] for key in sorted(row)] for row in outputs[0]])]
    y = np.concatenate([out.reshape(-1) for out in outputs]).reshape(len(rows), -1)
    if column is not None:
        y = y[:, column]
    add(name, rows, y)


def add(name, rows, y):
    """Puts rows and outputs into the record, as the shortest decimals of f32."""
    everything = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    decimals = lambda rows: [[float(str(v)) for v in np.ravel(row)] for row in np.float32(rows)]
    everything[name] = {"x": decimals(rows), "y": decimals(y)}
    lines = [f"{json.dumps(key)}: {json.dumps(everything[key])}" for key in sorted(everything)]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def uniform(*shape, seed=0, scale=2.0):
    """Random inputs with two decimals."""
    draws = np.random.default_rng(seed).uniform(-scale, scale, shape)
    return np.round(draws, 2).astype(np.float32)
