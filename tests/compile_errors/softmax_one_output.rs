//! Softmax over one output.
// E0080: softmax over one output is always 1: use SigmoidBce

use stackprop::{Relu, SoftmaxCe, net};

type Classifier = net![3 => 4, Relu => 1, SoftmaxCe];

fn main() {
    let _ = Classifier::new(1).forward(&[0.5, 1.0, 2.0]);
}
