//! `net!` without a head.
// error: a network ends in a head, after a comma: net![3 => 4, Relu => 1, SigmoidBce]

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1];

fn main() {
    let _ = Detector::new(1);
}
