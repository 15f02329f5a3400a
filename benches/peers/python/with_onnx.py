"""ONNX Runtime on the CPU, which does not train."""

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper


class OnnxRuntime:
    """Input and output are bound once, so that a call copies neither."""

    def __init__(self, problem):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            model(problem), options, providers=["CPUExecutionProvider"]
        )
        self.x, self.y_hat = problem.x, np.zeros_like(problem.y)
        self.binding = self.session.io_binding()
        self.binding.bind_cpu_input("x", self.x)
        pointer, shape = self.y_hat.ctypes.data, self.y_hat.shape
        self.binding.bind_output("y_hat", "cpu", 0, np.float32, shape, pointer)

    def forward(self):
        self.session.run_with_iobinding(self.binding)

    def outputs(self):
        return self.y_hat


def model(problem):
    """The network in ONNX's own format."""
    nodes, value = [], "x"
    for l in range(3):
        nodes.append(helper.make_node("Gemm", [value, f"w{l}"], [f"z{l}"], transB=1))
        value = f"z{l}"
        if problem.relu and l < 2:
            nodes.append(helper.make_node("Relu", [value], [f"h{l}"]))
            value = f"h{l}"
    nodes.append(helper.make_node("Sigmoid", [value], ["y_hat"]))
    rows, widths, number = problem.rows, problem.widths, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", number, [rows, widths[0]])],
        [helper.make_tensor_value_info("y_hat", number, [rows, widths[3]])],
        [numpy_helper.from_array(w, f"w{l}") for l, w in enumerate(problem.weights)],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
