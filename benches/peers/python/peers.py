#!/usr/bin/env python3
"""The peers that are Python packages, at the bidding of the program in the folder above.

    python3 peers.py          # which there are: name, version, and what to do about one that is absent
    python3 peers.py PyTorch  # runs one, with the protocol that is in worker/src/serve.rs

A peer has the methods of the trait in worker/src/peer.rs. All run with one thread on the CPU.
"""

import importlib
import importlib.metadata
import shutil
import sys
import time

# Module and class; packages, the first of which has the version; a program that it needs.
PEERS = {
    "PyTorch": ("with_torch", "Eager", ["torch"], None),
    "PyTorch fused": ("with_torch", "Fused", ["torch"], None),
    "PyTorch foreach": ("with_torch", "Foreach", ["torch"], None),
    "torch.compile": ("with_torch", "Compiled", ["torch"], "g++"),
    "JAX": ("with_jax", "Jax", ["jax"], None),
    "ONNX Runtime": ("with_onnx", "OnnxRuntime", ["onnxruntime", "onnx"], None),
    "numpy": ("with_numpy", "Numpy", ["numpy"], None),
}


def main():
    if len(sys.argv) == 1:
        for name, (_, _, packages, program) in PEERS.items():
            print("\t".join([name, *state(packages, program)]))
        return
    module, peer, _, _ = PEERS[sys.argv[1]]
    serve(getattr(importlib.import_module(module), peer))


def state(packages, program):
    """The version, or nothing and a remedy."""
    packages = list(dict.fromkeys([*packages, "numpy"]))
    try:
        versions = [importlib.metadata.version(package) for package in packages]
    except importlib.metadata.PackageNotFoundError:
        return ["", "pip install " + " ".join(packages)]
    if program and not shutil.which(program):
        return ["", f"it needs {program}"]
    return [versions[0]]


def serve(make):
    """Answers requests until there are no more."""
    requests, replies, peer = sys.stdin.buffer, sys.stdout.buffer, None
    for line in requests:
        request, *words = line.decode().split()
        try:
            if request == "case":
                # What the last case allocated is gone before the next one begins.
                peer = None
                peer = make(Problem(words, requests))
                reply = b"ok\n"
            else:
                reply = answer(peer, request, words)
        except Exception as error:
            reason = " ".join(str(error).split())[:500]
            reply = f"error {type(error).__name__}: {reason}\n".encode()
        replies.write(reply)
        replies.flush()


def answer(peer, request, words):
    """The reply to a request that is not a case."""
    match request:
        case "forward":
            return b"ok %d\n" % timed(int(words[0]), peer.forward)
        case "step":
            return b"ok %d\n" % timed(int(words[0]), peer.step, float(words[1]))
        case "adam":
            return b"ok %d\n" % timed(int(words[0]), peer.adam, float(words[1]))
        case "outputs":
            return floats([peer.outputs()])
        case "trained":
            return floats([peer.loss, *peer.trained()])
    raise ValueError(f"not a request: {request}")


def timed(calls, function, *arguments):
    """Nanoseconds of CPU time of this process, all its threads."""
    start = time.process_time_ns()
    for _ in range(calls):
        function(*arguments)
    return time.process_time_ns() - start


def floats(arrays):
    import numpy as np

    values = np.concatenate([np.ravel(array) for array in arrays]).astype("<f4")
    return b"ok %d\n" % values.size + values.tobytes()


class Problem:
    """A network of three layers without biases, and a batch."""

    def __init__(self, words, source):
        import numpy as np

        *widths, relu, rows = map(int, words)
        self.widths, self.relu, self.rows = widths, relu == 1, rows

        def read(rows, columns):
            values = np.frombuffer(source.read(4 * rows * columns), "<f4")
            return values.astype(np.float32).reshape(rows, columns)

        # Weights are [out][in].
        self.weights = [read(o, i) for i, o in zip(widths, widths[1:])]
        self.x = read(rows, widths[0])
        self.y = read(rows, widths[3])


if __name__ == "__main__":
    main()
