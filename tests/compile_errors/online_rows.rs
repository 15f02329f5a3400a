//! Many rows where `Online::step` takes one.
// E0308

use stackprop::{Online, Relu, Sgd, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let mut online = Online::new(Detector::new(1), Sgd::new(0.1));
    let _ = online.step(&[[0.5, 1.0, 2.0]], &[[1.0]]);
}
