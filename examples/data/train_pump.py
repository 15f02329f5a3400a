"""Trains a scaler and a network of scikit-learn to tell whether a pump leaks, and writes pump.onnx.

    python3 train_pump.py

Needs scikit-learn and skl2onnx. The data are made up.
"""

import numpy as np
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# Pressure in hPa, temperature in degrees, flow in litres a minute; 1 where the pump leaks.
rng = np.random.default_rng(1)
leaks = rng.random(1000) < 0.5
rows = rng.normal([1013.0, 21.0, 4.0], [5.0, 2.0, 0.2], (1000, 3))
rows = (rows - np.outer(leaks, [8.0, 0.0, 0.5])).astype(np.float32)

model = make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=500, random_state=1))
model.fit(rows, leaks)
probability = model.predict_proba([[1004.0, 20.0, 3.4]])[0, 1]
print(f"accuracy {model.score(rows, leaks):.3f}, probability {probability:.5f}")
with open("pump.onnx", "wb") as file:
    file.write(to_onnx(model, rows[:1], options={"zipmap": False}).SerializeToString())
