"""Writes the model files of this folder with the real exporters, and outputs.json.

    python make_models.py torch sklearn     # torch, onnx, onnxscript, safetensors, scikit-learn,
                                            # skl2onnx, onnxruntime
    python make_models.py keras             # tensorflow-cpu, tf2onnx, onnxruntime

outputs.json has rows of inputs for each model, and what ONNX Runtime makes of them. A run adds to
the file or replaces what is there. Recorded with torch 2.15, onnxscript 0.7, skl2onnx 1.20,
tf2onnx 1.17, keras 3.15 and ONNX Runtime 1.32.
"""

import importlib
import sys

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    for maker in sys.argv[1:] or ["torch", "sklearn", "keras"]:
        module = importlib.import_module(f"from_{maker}")
        getattr(module, f"from_{maker}")()
