"""Models of Keras through tf2onnx."""

import pathlib

import keras
import tensorflow
import tf2onnx
from recording import HERE, record, strip, uniform


def from_keras():
    keras.utils.set_random_seed(1)
    dense, train = keras.layers.Dense, uniform(50, 3, seed=5) * 4 + 1

    def export(name, layers, rows, batch=None):
        model = keras.Sequential([keras.Input((3,)), *layers])
        for weight in model.trainable_weights:
            weight.assign(uniform(*weight.shape, seed=weight.shape[-1], scale=1.0))
        signature = [tensorflow.TensorSpec((batch, 3), tensorflow.float32, name="x")]
        call = tensorflow.function(lambda x: model(x), input_signature=signature)
        path = str(HERE / f"{name}.onnx")
        tf2onnx.convert.from_function(call, signature, opset=18, output_path=path)
        strip(pathlib.Path(path))
        if rows is not None:
            record(name, rows, feed=[rows] if batch is None else [row[None] for row in rows])

    normal = keras.layers.Normalization()
    normal.adapt(train)
    mean, scale = train.mean(axis=0), train.std(axis=0)
    by_hand = keras.layers.Lambda(lambda x: (x - mean) / scale)
    export("keras_classes", [dense(5, "relu"), dense(4, "tanh"), dense(3, "softmax")],
           uniform(6, 3))
    export("keras_static", [dense(5, "elu"), dense(1, "sigmoid")], uniform(6, 3), batch=1)
    export("keras_scaled", [by_hand, dense(5, "softplus"), dense(2)], train[:6])
    # tf2onnx makes inputs without a value of the statistics of this layer.
    export("refused_inputs", [normal, dense(2)], None)
    export("keras_plain", [dense(5, "leaky_relu", use_bias=False), dense(2, use_bias=False)],
           uniform(6, 3))
