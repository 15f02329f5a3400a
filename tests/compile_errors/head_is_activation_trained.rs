//! Training a network that ends in an activation.
// E0277: `Relu` is not a head of width 1

use stackprop::{Relu, Sgd, Trainer, net};

type Detector = net![3 => 4, Relu => 1, Relu];

fn train(network: Detector) {
    let _ = Trainer::new(network, Sgd::new(0.1));
}

fn main() {}
